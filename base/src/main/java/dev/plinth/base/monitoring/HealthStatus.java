package dev.plinth.base.monitoring;

/** What is to be made of a figure. */
public enum HealthStatus {
  HEALTHY,
  WARNING,
  CRITICAL,
  /** Plinth is not shown enough to tell; the detail says why. */
  UNKNOWN
}
