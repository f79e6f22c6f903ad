package dev.plinth.tasks.flow;

import java.time.Duration;

/**
 * How long items took from being started to being done: of so many out of a hundred, no longer than
 * this. Each is the time of an item that there was (nearest rank), not one between two.
 *
 * @param items of how many
 */
public record CycleTimes(int items, Duration p50, Duration p85, Duration p95) {}
