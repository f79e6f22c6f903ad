/** What a host reads from its environment. */
@NullMarked
package dev.plinth.base.config;

import org.jspecify.annotations.NullMarked;
