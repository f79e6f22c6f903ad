/** Pages by key, never by offset. */
@NullMarked
package dev.plinth.base.page;

import org.jspecify.annotations.NullMarked;
