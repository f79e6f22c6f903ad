/**
 * Tasks that wait, run and end: enqueued with the caller's transaction, listed, cancelled,
 * replayed.
 */
@NullMarked
package dev.plinth.tasks.queue;

import org.jspecify.annotations.NullMarked;
