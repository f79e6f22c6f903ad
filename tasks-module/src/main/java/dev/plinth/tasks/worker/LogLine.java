package dev.plinth.tasks.worker;

import java.time.Instant;

/** A line that a handler logged. */
record LogLine(int number, String level, String message, Instant at) {}
