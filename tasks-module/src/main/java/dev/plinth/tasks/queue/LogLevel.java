package dev.plinth.tasks.queue;

/** How much a line of a handler matters. */
public enum LogLevel {
  /** For who looks for a mistake. */
  DEBUG,
  /** What it is doing. */
  INFO,
  /** What somebody should look at. */
  WARN,
  /** What failed. */
  ERROR
}
