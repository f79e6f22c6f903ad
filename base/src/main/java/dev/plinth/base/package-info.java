/** The entry point: {@link dev.plinth.base.Plinth}. */
@NullMarked
package dev.plinth.base;

import org.jspecify.annotations.NullMarked;
