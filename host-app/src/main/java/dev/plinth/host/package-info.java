/** A host that embeds Plinth: a command line, and an example to copy from. */
@NullMarked
package dev.plinth.host;

import org.jspecify.annotations.NullMarked;
