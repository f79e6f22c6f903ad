package dev.plinth.base.monitoring;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How good the rows of a table are in one respect.
 *
 * @param rowsChecked how many rows that is said of; a sample, if the table is large
 * @param issueCount how many of them are not as they should be
 * @param percentOrNull how many percent are as they should be, or null if there was no row
 */
public record QualityMetric(
    String module,
    String table,
    String metric,
    long rowsChecked,
    long issueCount,
    @Nullable BigDecimal percentOrNull,
    String detail) {

  /** How many percent of the rows are as they should be; empty if there was none. */
  public Optional<BigDecimal> percent() {
    return Optional.ofNullable(percentOrNull);
  }
}
