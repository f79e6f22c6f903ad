package dev.plinth.base.error;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The one place where what the database says becomes what Plinth says: by SQLSTATE and by the name
 * of the constraint, which the schema's naming rule {@code <table>_<what>_<kind>} lets us read.
 */
public final class SqlErrors {

  private static final Pattern QUOTED_CONSTRAINT =
      Pattern.compile("constraint [\"«„“]([^\"»“”]+)[\"»“”]");
  private static final Pattern SHARD = Pattern.compile("_\\d+$");
  private static final Pattern KIND = Pattern.compile("_(pk|uq|fk|ck)$");
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern TRANSITION =
      Pattern.compile("(\\S+) cannot go from (\\S+) to (\\S+)(.*)");
  private static final Pattern CYCLE = Pattern.compile("(\\S+) would ");

  private SqlErrors() {}

  /**
   * Says what went wrong, if it was the database that said so.
   *
   * @return the translation of an SQL exception; of an exception of jOOQ's, the nearest cause that
   *     is Plinth's or can be translated; any other exception as it is, wrapped only if it is
   *     checked
   */
  public static RuntimeException translate(Exception failure) {
    if (failure instanceof SQLException sql) {
      return translated(sql);
    }
    if (failure instanceof DataAccessException) {
      return nearest((DataAccessException) failure);
    }
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }

  private static RuntimeException nearest(DataAccessException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PlinthException known) {
        return known;
      }
      if (cause instanceof SQLException sql) {
        return translated(sql);
      }
    }
    return failure;
  }

  private static PlinthException translated(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    String message =
        server(failure).map(ServerErrorMessage::getMessage).orElse(failure.getMessage());
    message = message == null ? "" : message;
    return switch (state) {
      case "23505", "23001" -> conflict(failure, message);
      case "2BP01" -> new ConflictException("", "what is to go", firstLine(message), failure);
      case "23503" -> reference(failure, message);
      case "23502", "23514", "22001", "22003", "22007", "22008", "22021", "22P02", "22P05" ->
          new ConstraintViolationException(table(failure), constraint(failure, message), failure);
      case "42501", "25006" -> new AccessDeniedException(firstLine(message), failure);
      case "40001", "40P01", "55P03" -> new ConcurrentUpdateException(state, failure);
      case "PL001" -> new NotFoundException("organization", firstId(message), failure);
      case "PL002" ->
          new OrganizationNotActiveException(
              UUID.fromString(firstId(message)), detail(failure), failure);
      case "PL003", "PL004", "PL005" -> new AccessDeniedException(firstLine(message), failure);
      case "PL006" -> new NotFoundException("member", firstId(message), failure);
      case "PL010" -> transition(failure, message);
      case "PL011" -> cycle(failure, message);
      default -> byClass(failure, state);
    };
  }

  private static PlinthException byClass(SQLException failure, String state) {
    boolean gone =
        state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("28")
            || state.equals("53300")
            || state.equals("3D000")
            || failure instanceof SQLRecoverableException
            || failure instanceof java.sql.SQLTransientException;
    return gone
        ? new DatabaseUnavailableException("the connection failed", failure)
        : new DatabaseException(state, failure);
  }

  private static PlinthException conflict(SQLException failure, String message) {
    String constraint = constraint(failure, message);
    String table = table(failure);
    return new ConflictException(table, subject(table, constraint), constraint, failure);
  }

  /**
   * On insert and update the row referred to is missing; on delete something still refers to it.
   */
  private static PlinthException reference(SQLException failure, String message) {
    if (firstLine(message).contains("update or delete on")) {
      return conflict(failure, message);
    }
    String table = table(failure);
    return new NotFoundException(
        subject(table, constraint(failure, message)), "the one that " + table + " names", failure);
  }

  private static PlinthException transition(SQLException failure, String message) {
    Matcher words = TRANSITION.matcher(firstLine(message));
    return words.find()
        ? new IllegalTransitionException(
            words.group(1), words.group(2), words.group(3), words.group(4), failure)
        : new IllegalTransitionException("row", "its state", "another", failure);
  }

  private static CycleException cycle(SQLException failure, String message) {
    String line = firstLine(message);
    List<UUID> path = ID.matcher(line).results().map(id -> UUID.fromString(id.group())).toList();
    Matcher what = CYCLE.matcher(line);
    return new CycleException(what.find() ? what.group(1) : "row", path, failure);
  }

  /** {@code organizations_slug_uq} of table {@code organizations} is about {@code slug}. */
  private static String subject(String table, String constraint) {
    String rest = KIND.matcher(constraint).replaceFirst("");
    return rest.startsWith(table + "_") ? rest.substring(table.length() + 1) : rest;
  }

  private static String constraint(SQLException failure, String message) {
    String name =
        server(failure)
            .map(ServerErrorMessage::getConstraint)
            .or(() -> quotedConstraint(message))
            .orElse("");
    return SHARD.matcher(name).replaceFirst("");
  }

  private static Optional<String> quotedConstraint(String message) {
    Matcher quoted = QUOTED_CONSTRAINT.matcher(firstLine(message));
    return quoted.find() ? Optional.of(quoted.group(1)) : Optional.empty();
  }

  private static String table(SQLException failure) {
    String name = server(failure).map(ServerErrorMessage::getTable).orElse("");
    return SHARD.matcher(name).replaceFirst("");
  }

  private static String detail(SQLException failure) {
    return server(failure).map(ServerErrorMessage::getDetail).orElse("not active");
  }

  private static Optional<ServerErrorMessage> server(SQLException failure) {
    @Nullable ServerErrorMessage message =
        failure instanceof PSQLException server ? server.getServerErrorMessage() : null;
    return Optional.ofNullable(message);
  }

  private static String firstId(String message) {
    Matcher id = ID.matcher(message.toLowerCase(Locale.ROOT));
    return id.find() ? id.group() : "00000000-0000-0000-0000-000000000000";
  }

  /** Without DETAIL and CONTEXT, which may quote values of the row. */
  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }
}
