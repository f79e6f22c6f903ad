package dev.plinth.base.monitoring;

import dev.plinth.base.sql.Severity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that needs somebody now.
 *
 * @param alert the component or check that says so
 * @param statementOrNull the SQL that shows more or helps, or null
 */
public record Alert(
    String module,
    String alert,
    Severity severity,
    String detail,
    @Nullable String statementOrNull) {

  /** The SQL that shows more or helps, if there is some. */
  public Optional<String> statement() {
    return Optional.ofNullable(statementOrNull);
  }
}
