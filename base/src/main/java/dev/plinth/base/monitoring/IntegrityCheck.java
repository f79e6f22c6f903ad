package dev.plinth.base.monitoring;

import dev.plinth.base.sql.Severity;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether something is that must never be.
 *
 * @param severity how bad it is, if it fails
 * @param issueCountOrNull how often it was found, or null if it is not known
 * @param statementOrNull the SQL that shows more or helps, or null
 */
public record IntegrityCheck(
    String module,
    String check,
    Severity severity,
    CheckStatus status,
    @Nullable Long issueCountOrNull,
    String detail,
    @Nullable String statementOrNull) {

  /** How often it was found, if that is known. */
  public OptionalLong issueCount() {
    return issueCountOrNull == null ? OptionalLong.empty() : OptionalLong.of(issueCountOrNull);
  }

  /** The SQL that shows more or helps, if there is some. */
  public Optional<String> statement() {
    return Optional.ofNullable(statementOrNull);
  }
}
