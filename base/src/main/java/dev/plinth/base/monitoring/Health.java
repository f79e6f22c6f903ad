package dev.plinth.base.monitoring;

import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one component of a module is.
 *
 * @param valueOrNull the figure, or null if it is not known
 * @param statementOrNull the SQL that shows more or helps, or null
 */
public record Health(
    String module,
    String component,
    HealthStatus status,
    @Nullable BigDecimal valueOrNull,
    String unit,
    String detail,
    @Nullable String statementOrNull) {

  /** The figure, if it is known. */
  public Optional<BigDecimal> value() {
    return Optional.ofNullable(valueOrNull);
  }

  /** The SQL that shows more or helps, if there is some. */
  public Optional<String> statement() {
    return Optional.ofNullable(statementOrNull);
  }
}
