package dev.plinth.base.sql;

/** How urgent something is; stored as 1 to 4, so that it sorts. */
public enum Priority {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
