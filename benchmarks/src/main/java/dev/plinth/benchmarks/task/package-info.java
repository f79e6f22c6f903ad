/** Queues of jobs beside each other: what enqueues, drains and starts how fast. */
@NullMarked
package dev.plinth.benchmarks.task;

import org.jspecify.annotations.NullMarked;
