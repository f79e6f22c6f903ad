/** What a module is, and which others it needs. */
@NullMarked
package dev.plinth.base.module;

import org.jspecify.annotations.NullMarked;
