package dev.plinth.base.monitoring;

/** How a check ended. */
public enum CheckStatus {
  PASS,
  FAIL,
  /** Plinth may not read what it takes; the detail says why. */
  UNKNOWN
}
