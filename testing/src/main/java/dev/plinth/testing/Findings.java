package dev.plinth.testing;

import java.util.List;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;

/** Turns what was found into a failed test. */
final class Findings {

  private Findings() {}

  static void requireNone(List<Finding> findings) {
    if (!findings.isEmpty()) {
      throw new AssertionFailedError(
          findings.stream().map(Finding::toString).collect(Collectors.joining("\n", "\n", "")));
    }
  }
}
