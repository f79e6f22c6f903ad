package dev.plinth.tasks.queue;

/** How much a line of a handler matters. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR
}
