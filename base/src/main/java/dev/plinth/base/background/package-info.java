/** What modules do in the background of a host, besides their jobs. */
@NullMarked
package dev.plinth.base.background;

import org.jspecify.annotations.NullMarked;
