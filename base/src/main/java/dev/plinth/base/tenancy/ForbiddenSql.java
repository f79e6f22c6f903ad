package dev.plinth.base.tenancy;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * Statements that a host may not send inside a transaction of Plinth's: those that end it, change
 * its role or settings, or leave something behind on a connection that the next tenant gets.
 */
final class ForbiddenSql {

  private static final Pattern FORBIDDEN =
      Pattern.compile(
          "(?is)(COMMIT|END|ABORT|BEGIN|START\\s+TRANSACTION|PREPARE|ROLLBACK|SAVEPOINT|RELEASE"
              + "|DISCARD|RESET|LISTEN|UNLISTEN|LOAD)\\b.*"
              + "|SET\\s+(?!(LOCAL|CONSTRAINTS|TRANSACTION)\\b).*"
              + "|SET\\s+LOCAL\\s+(\"?(role|session_authorization)\\b|\"?plinth\\.|SESSION\\s+AUTHORIZATION).*"
              + "|DECLARE\\b.*\\bWITH\\s+HOLD\\b.*"
              + "|CREATE\\s+((GLOBAL|LOCAL)\\s+)?TEMP(ORARY)?\\b(?!.*\\bON\\s+COMMIT\\s+DROP\\b).*");

  private static final Pattern FIRST_WORDS = Pattern.compile("\\w+(\\s+\\w+)?");

  private ForbiddenSql() {}

  /** How the first forbidden statement of a text begins, for a message. */
  static Optional<String> in(String sql) {
    int first = sql.indexOf(';');
    if (first < 0 || sql.substring(first + 1).isBlank()) {
      return forbidden(sql);
    }
    for (String statement : split(sql)) {
      Optional<String> found = forbidden(statement);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> forbidden(String statement) {
    int start = afterComments(statement);
    return FORBIDDEN.matcher(statement).region(start, statement.length()).matches()
        ? Optional.of(beginning(statement.substring(start)))
        : Optional.empty();
  }

  /** Its first words: what follows may be a value. */
  private static String beginning(String statement) {
    Matcher words = FIRST_WORDS.matcher(statement);
    return words.find() ? words.group() : "This statement";
  }

  /** Split as the driver will: strings, quoted names and dollar quotes stay whole. */
  private static List<String> split(String sql) {
    try {
      return Parser.parseJdbcSql(sql, true, true, true, false, true).stream()
          .map(ForbiddenSql::text)
          .toList();
    } catch (SQLException e) {
      return List.of(sql);
    }
  }

  private static String text(NativeQuery query) {
    return query.nativeSql;
  }

  /** White space, line comments, and block comments, which nest. */
  private static int afterComments(String sql) {
    int at = 0;
    while (at < sql.length()) {
      if (Character.isWhitespace(sql.charAt(at))) {
        at++;
      } else if (sql.startsWith("--", at)) {
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
      } else if (sql.startsWith("/*", at)) {
        at = afterBlock(sql, at);
      } else {
        break;
      }
    }
    return at;
  }

  /** Behind a block comment; they nest. */
  static int afterBlock(String sql, int start) {
    int depth = 0;
    int at = start;
    do {
      if (sql.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (sql.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < sql.length());
    return Math.min(at, sql.length());
  }
}
