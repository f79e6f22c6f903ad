package dev.plinth.base.sql;

/** How bad something is; stored as 1 to 5, so that it sorts. */
public enum Severity {
  INFO,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
