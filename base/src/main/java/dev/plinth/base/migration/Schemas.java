package dev.plinth.base.migration;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.error.SqlErrors;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;
import org.jspecify.annotations.Nullable;

/** The schemas as Flyway keeps them. */
final class Schemas {

  private final DataSource dataSource;
  private final String rolePrefix;

  Schemas(DataSource dataSource, String rolePrefix) {
    this.dataSource = dataSource;
    this.rolePrefix = rolePrefix;
  }

  /** Applies what is missing; what is there was checked before. */
  void migrate(Track track) {
    attempt(track, () -> flyway(track).migrate());
  }

  /** Refuses what is ahead or was changed, and not what is missing. */
  void check(Track track) {
    attempt(track, () -> require(track, flyway(track, "*:pending")));
  }

  /** Compares with the migrations of this version; ignores nothing. */
  void validate(Track track) {
    attempt(track, () -> require(track, flyway(track)));
  }

  private static void attempt(Track track, Runnable step) {
    try {
      step.run();
    } catch (FlywayException e) {
      throw typed(track, e);
    }
  }

  /** A connection that broke, or a right that is missing, is said so; else the schema is wrong. */
  private static RuntimeException typed(Track track, FlywayException failure) {
    String detail = firstLine(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        RuntimeException translated = SqlErrors.translate(sql);
        detail = firstLine(sql.getMessage());
        if (translated instanceof DatabaseUnavailableException) {
          return translated;
        }
        if (translated instanceof AccessDeniedException) {
          String reason = "schema %s cannot be migrated (%s)";
          if (detail.contains("for database")) {
            reason += ": the owner needs CREATE on the database";
          }
          return new AccessDeniedException(reason.formatted(track.schema(), detail), failure);
        }
      }
    }
    return mismatch(track, Kind.CHANGED, "a migration could not be applied: " + detail, failure);
  }

  private static String firstLine(@Nullable String message) {
    String line = message == null ? "" : message.strip().lines().findFirst().orElse("");
    return line.replaceFirst("^ERROR: ", "");
  }

  private Flyway flyway(Track track, String... ignored) {
    return Flyway.configure(track.module().resources())
        .dataSource(dataSource)
        .callbacks(new RolePrefix(rolePrefix))
        .locations("classpath:" + track.migrations())
        .failOnMissingLocations(true)
        .schemas(track.schema())
        .table(track.history())
        .baselineOnMigrate(track.isLink()) // its schema has tables already
        .baselineVersion("0")
        .validateOnMigrate(false)
        .placeholderReplacement(false)
        .outputQueryResults(false)
        .ignoreMigrationPatterns(ignored)
        .cleanDisabled(true)
        .load();
  }

  private static void require(Track track, Flyway flyway) {
    ValidateResult result = flyway.validateWithResult();
    List<ValidateOutput> findings = result.invalidMigrations;
    if (result.validationSuccessful) {
      return;
    }
    String detail =
        findings.isEmpty()
            ? result.errorDetails.errorMessage
            : findings.get(0).errorDetails.errorMessage;
    throw mismatch(track, kind(result, findings), firstLine(detail), null);
  }

  private static SchemaMismatchException mismatch(
      Track track, Kind kind, String detail, @Nullable Throwable cause) {
    String whose = track.isLink() ? "link " + track.name() + ": " : "";
    return new SchemaMismatchException(track.module().name(), kind, whose + detail, cause);
  }

  private static Kind kind(ValidateResult result, List<ValidateOutput> findings) {
    List<String> codes =
        findings.isEmpty()
            ? List.of(name(result.errorDetails.errorCode))
            : findings.stream().map(finding -> name(finding.errorDetails.errorCode)).toList();
    if (codes.stream().anyMatch(code -> code.startsWith("APPLIED_"))) {
      return Kind.AHEAD;
    }
    boolean onlyMissing =
        codes.stream().allMatch(code -> code.startsWith("RESOLVED_") || code.startsWith("SCHEMA_"));
    return onlyMissing ? Kind.BEHIND : Kind.CHANGED;
  }

  private static String name(ErrorCode code) {
    return code.toString();
  }
}
