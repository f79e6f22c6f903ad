package dev.plinth.base.tenancy;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * Statements that a host may not send inside a transaction of Plinth's: those that end it, change
 * its role or settings, or leave something behind on a connection that the next tenant gets. In its
 * own turn a host may do the rest; as a tenant or the system it may only do what is known to stay
 * within the transaction and its rows.
 */
final class ForbiddenSql {

  /** Who acts. */
  enum Turn {
    PLINTH,
    HOST
  }

  private static final Set<String> REFUSED =
      Set.of(
          "COMMIT",
          "END",
          "ABORT",
          "BEGIN",
          "START",
          "PREPARE",
          "ROLLBACK",
          "SAVEPOINT",
          "RELEASE",
          "DISCARD",
          "RESET",
          "LISTEN",
          "UNLISTEN",
          "LOAD");

  private static final Set<String> ALLOWED =
      Set.of(
          "SELECT",
          "WITH",
          "VALUES",
          "TABLE",
          "INSERT",
          "UPDATE",
          "DELETE",
          "MERGE",
          "TRUNCATE",
          "EXPLAIN",
          "ANALYZE",
          "CALL",
          "NOTIFY",
          "SET",
          "SHOW",
          "DECLARE",
          "FETCH",
          "MOVE",
          "CLOSE",
          "CREATE",
          "DROP");

  private static final Set<String> SETTINGS =
      Set.of("role", "session", "session_authorization", "standard_conforming_strings");

  private static final Set<String> BEFORE_FIRST_WORD = Set.of("(", "{", "?", "=");
  private static final Set<String> NOT_A_TARGET = Set.of("INSERT", "MERGE", "AS", ".");
  private static final Set<String> TEMPORARY = Set.of("TEMP", "TEMPORARY");
  private static final Set<String> SCOPE = Set.of("LOCAL", "GLOBAL");

  private final Turn turn;
  private final SqlTokens tokens;

  private ForbiddenSql(Turn turn, SqlTokens tokens) {
    this.turn = turn;
    this.tokens = tokens;
  }

  /**
   * How the first forbidden statement of a text begins, for a message.
   *
   * @param backslashes whether {@code standard_conforming_strings} is off
   */
  static Optional<String> in(String sql, Turn turn, boolean backslashes) {
    int first = sql.indexOf(';');
    if (first < 0 || sql.substring(first + 1).isBlank()) {
      return forbidden(sql, turn, backslashes);
    }
    for (String statement : split(sql, backslashes)) {
      Optional<String> found = forbidden(statement, turn, backslashes);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> forbidden(String statement, Turn turn, boolean backslashes) {
    String first = new ForbiddenSql(turn, new SqlTokens(statement, backslashes)).refused(statement);
    return first.isEmpty() ? Optional.empty() : Optional.of(first);
  }

  /** Split as the driver will: strings, quoted names and dollar quotes stay whole. */
  private static List<String> split(String sql, boolean backslashes) {
    try {
      return Parser.parseJdbcSql(sql, !backslashes, true, true, false, true).stream()
          .map(ForbiddenSql::text)
          .toList();
    } catch (SQLException e) {
      return List.of(sql);
    }
  }

  private static String text(NativeQuery query) {
    return query.nativeSql;
  }

  /** What to call the statement in a refusal, or an empty string if it may pass. */
  private String refused(String statement) {
    String token = tokens.next();
    boolean escaped = false;
    while (BEFORE_FIRST_WORD.contains(token)) {
      escaped |= token.equals("{");
      token = tokens.next();
    }
    String first = token;
    if (first.equals(SqlTokens.END)) {
      return "";
    }
    if (escaped && !first.equals("CALL") || !mayBegin(first)) {
      return shown(first);
    }
    return mayGoOn(first, statement) ? "" : first + " of this kind";
  }

  private boolean mayBegin(String first) {
    return turn == Turn.HOST ? !REFUSED.contains(first) : ALLOWED.contains(first);
  }

  private static String shown(String first) {
    if (first.equals("DO")) {
      return "DO, which cannot be looked into (put it into a function, in a migration),";
    }
    return Character.isLetter(first.charAt(0)) ? first : "This statement";
  }

  private boolean mayGoOn(String first, String statement) {
    return switch (first) {
      case "SELECT", "WITH" -> !mentionsInto(statement) || hasNoTarget();
      case "EXPLAIN" -> hasNoTarget();
      case "SET" -> isLocal();
      case "DECLARE" -> isNotHeld();
      case "CREATE" -> isDroppedAtTheEnd();
      case "DROP" -> turn == Turn.HOST || Set.of("TABLE", "INDEX").contains(tokens.next());
      default -> true;
    };
  }

  /** Looks at every statement: hence without taking it apart. */
  private static boolean mentionsInto(String sql) {
    for (int at = 0; at <= sql.length() - 4; at++) {
      char c = sql.charAt(at);
      if ((c == 'i' || c == 'I') && sql.regionMatches(true, at, "INTO", 0, 4)) {
        return true;
      }
    }
    return false;
  }

  /** No {@code SELECT … INTO}, and no {@code EXPLAIN ANALYZE CREATE TABLE … AS}, makes a table. */
  private boolean hasNoTarget() {
    String before = SqlTokens.END;
    for (String token = tokens.next(); !token.equals(SqlTokens.END); token = tokens.next()) {
      if (token.equals("CREATE") && !NOT_A_TARGET.contains(before)) {
        return false;
      }
      if (token.equals("INTO") && !NOT_A_TARGET.contains(before)) {
        return turn == Turn.HOST && !isTemporary(tokens.next());
      }
      before = token;
    }
    return true;
  }

  private static boolean isTemporary(String target) {
    return TEMPORARY.contains(target) || SCOPE.contains(target) || isTemporarySchema(target);
  }

  private static boolean isTemporarySchema(String token) {
    return SqlTokens.name(token).startsWith("pg_temp");
  }

  private boolean isLocal() {
    return switch (tokens.next()) {
      case "CONSTRAINTS", "TRANSACTION" -> true;
      case "LOCAL" -> isFree(tokens.next());
      default -> false;
    };
  }

  /**
   * A setting that is nobody's: not the role, not Plinth's, not the one that says what a string is.
   */
  private boolean isFree(String token) {
    String setting = SqlTokens.name(token);
    return !SETTINGS.contains(setting)
        && !setting.equals("plinth")
        && !setting.startsWith("plinth.")
        && isFollowedByValue(setting);
  }

  /** {@code U&"…"} spells a name in escapes, and {@code {…}} is taken away by the driver. */
  private boolean isFollowedByValue(String setting) {
    return switch (setting) {
      case "transaction", "time", "schema", "names", "xml", "catalog" -> true;
      default -> Set.of("=", "TO", ".", "FROM").contains(tokens.next());
    };
  }

  private boolean isNotHeld() {
    String before = SqlTokens.END;
    for (String token = tokens.next(); !token.equals(SqlTokens.END); token = tokens.next()) {
      if (token.equals("FOR")) {
        return true;
      }
      if (token.equals("HOLD") && before.equals("WITH")) {
        return false;
      }
      before = token;
    }
    return true;
  }

  private boolean isDroppedAtTheEnd() {
    String token = tokens.next();
    if (SCOPE.contains(token)) {
      token = tokens.next();
    }
    if (TEMPORARY.contains(token)) {
      return tokens.next().equals("TABLE") && saysOnCommitDrop();
    }
    if (turn == Turn.PLINTH) {
      return token.equals("INDEX") || token.equals("UNIQUE");
    }
    return isNotInTemporarySchema(token);
  }

  private boolean saysOnCommitDrop() {
    String first = SqlTokens.END;
    String second = SqlTokens.END;
    for (String token = tokens.next(); !token.equals(SqlTokens.END); token = tokens.next()) {
      if (first.equals("ON") && second.equals("COMMIT") && token.equals("DROP")) {
        return true;
      }
      first = second;
      second = token;
    }
    return false;
  }

  private boolean isNotInTemporarySchema(String kind) {
    String before = kind;
    for (String token = tokens.next(); !token.equals(SqlTokens.END); token = tokens.next()) {
      boolean orReplaceTemporary = before.equals("REPLACE") && TEMPORARY.contains(token);
      if (orReplaceTemporary || token.equals(".") && isTemporarySchema(before)) {
        return false;
      }
      before = token;
    }
    return true;
  }
}
