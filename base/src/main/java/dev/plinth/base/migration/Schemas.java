package dev.plinth.base.migration;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.error.SchemaMismatchException.Kind;
import dev.plinth.base.error.SqlErrors;
import dev.plinth.base.module.ModuleDescriptor;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;
import org.jspecify.annotations.Nullable;

/** The schema of one module, as Flyway keeps it. */
final class Schemas {

  static final String HISTORY = "migration_history";

  private final DataSource dataSource;
  private final String rolePrefix;

  Schemas(DataSource dataSource, String rolePrefix) {
    this.dataSource = dataSource;
    this.rolePrefix = rolePrefix;
  }

  /** Applies what is missing, unless the schema is ahead or was changed. */
  void migrate(ModuleDescriptor module) {
    attempt(
        module,
        () -> {
          check(module, flyway(module, "*:pending").validateWithResult());
          flyway(module).migrate();
        });
  }

  /** Compares the schema with the migrations of this version; ignores nothing. */
  void validate(ModuleDescriptor module) {
    attempt(module, () -> check(module, flyway(module).validateWithResult()));
  }

  private static void attempt(ModuleDescriptor module, Runnable step) {
    try {
      step.run();
    } catch (FlywayException e) {
      throw typed(module, e);
    }
  }

  /** A connection that broke, or a right that is missing, is said so; else the schema is wrong. */
  private static RuntimeException typed(ModuleDescriptor module, FlywayException failure) {
    String detail = firstLine(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        RuntimeException translated = SqlErrors.translate(sql);
        detail = firstLine(sql.getMessage());
        if (translated instanceof DatabaseUnavailableException) {
          return translated;
        }
        if (translated instanceof AccessDeniedException) {
          String reason =
              "schema %s cannot be migrated (%s): the owner needs CREATE on the database";
          return new AccessDeniedException(reason.formatted(module.schema(), detail), failure);
        }
      }
    }
    return new SchemaMismatchException(
        module.name(), Kind.CHANGED, "a migration could not be applied: " + detail, failure);
  }

  private static String firstLine(@Nullable String message) {
    String line = message == null ? "" : message.strip().lines().findFirst().orElse("");
    return line.replaceFirst("^ERROR: ", "");
  }

  private Flyway flyway(ModuleDescriptor module, String... ignored) {
    return Flyway.configure(module.resources())
        .dataSource(dataSource)
        .callbacks(new RolePrefix(rolePrefix))
        .locations("classpath:db/migration/" + module.name())
        .failOnMissingLocations(true)
        .schemas(module.schema())
        .table(HISTORY)
        .placeholderReplacement(false)
        .outputQueryResults(false)
        .ignoreMigrationPatterns(ignored)
        .cleanDisabled(true)
        .load();
  }

  private static void check(ModuleDescriptor module, ValidateResult result) {
    List<ValidateOutput> findings = result.invalidMigrations;
    if (result.validationSuccessful) {
      return;
    }
    String detail =
        findings.isEmpty()
            ? result.errorDetails.errorMessage
            : findings.get(0).errorDetails.errorMessage;
    throw new SchemaMismatchException(
        module.name(), kind(result, findings), firstLine(detail), null);
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
