/**
 * Queues of jobs beside each other: what enqueues, drains and starts how fast.
 *
 * <p>{@code TaskBenchmarks} runs every {@code Scenario} of its {@code Candidate}s. Another
 * contender is a class that implements {@code Contender} and a constant of {@code Candidate}, named
 * by the scenarios it takes part in. It is opened by URL, because {@code start-latency} opens it in
 * two processes: {@code setUp} in the one that enqueues, {@code start} in the other.
 */
@NullMarked
package dev.plinth.benchmarks.task;

import org.jspecify.annotations.NullMarked;
