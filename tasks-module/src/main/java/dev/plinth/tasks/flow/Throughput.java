package dev.plinth.tasks.flow;

import java.time.LocalDate;

/**
 * How many items became done in some days, and were still at the end of what was asked for.
 *
 * @param from the first day
 * @param to the last day; the same for a day
 */
public record Throughput(LocalDate from, LocalDate to, int items) {}
