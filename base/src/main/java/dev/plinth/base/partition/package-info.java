/** Partitions of high-volume tables: made ahead of time, dropped by retention. */
@NullMarked
package dev.plinth.base.partition;

import org.jspecify.annotations.NullMarked;
