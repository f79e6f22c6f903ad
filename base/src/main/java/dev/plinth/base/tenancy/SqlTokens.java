package dev.plinth.base.tenancy;

import java.util.Locale;

/**
 * The tokens of a statement, one after the other, as PostgreSQL reads them: without white space and
 * comments. A word comes in capitals, a quoted name with a quotation mark before what it says, a
 * string as an apostrophe, anything else as the one character that it is.
 */
final class SqlTokens {

  /** What follows the last token. */
  static final String END = "";

  static final String STRING = "'";

  private final String sql;
  private final boolean backslashes;
  private int at;

  /**
   * Before the first token.
   *
   * @param backslashes whether a backslash escapes in a string without an E before it, which is so
   *     where {@code standard_conforming_strings} is off
   */
  SqlTokens(String sql, boolean backslashes) {
    this.sql = sql;
    this.backslashes = backslashes;
  }

  /** The next token, or {@link #END}. */
  String next() {
    skipBlanks();
    if (at >= sql.length()) {
      return END;
    }
    int start = at;
    char c = sql.charAt(start);
    if (c == '"') {
      at = afterQuote(start, false);
      return '"' + sql.substring(start + 1, Math.max(start + 1, at - 1)).replace("\"\"", "\"");
    }
    if (c == '\'') {
      at = afterQuote(start, backslashes);
      return STRING;
    }
    if (c == '$' && afterTag(start) > 0) {
      at = afterDollarQuote(start);
      return STRING;
    }
    return c != '$' && isPartOfName(c) ? word(start) : symbol(start);
  }

  /** A name as PostgreSQL compares those of settings: quoted or not, in small letters. */
  static String name(String token) {
    return (token.startsWith("\"") ? token.substring(1) : token).toLowerCase(Locale.ROOT);
  }

  private String word(int start) {
    while (at < sql.length() && isPartOfName(sql.charAt(at))) {
      at++;
    }
    if (at == start + 1 && at < sql.length() && sql.charAt(at) == '\'' && isE(start)) {
      at = afterQuote(at, true);
      return STRING;
    }
    return sql.substring(start, at).toUpperCase(Locale.ROOT);
  }

  private boolean isE(int index) {
    return sql.charAt(index) == 'E' || sql.charAt(index) == 'e';
  }

  private String symbol(int start) {
    at = start + 1;
    return sql.substring(start, at);
  }

  private void skipBlanks() {
    while (at < sql.length()) {
      if (isBlank(sql.charAt(at))) {
        at++;
      } else if (sql.startsWith("--", at)) {
        at = afterLine(at);
      } else if (sql.startsWith("/*", at)) {
        at = afterBlock(sql, at);
      } else {
        return;
      }
    }
  }

  /** A line ends at either character. */
  private int afterLine(int start) {
    int end = start;
    while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
      end++;
    }
    return end;
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

  /** Behind what a quote opens; a doubled one is part of it. */
  private int afterQuote(int start, boolean escapes) {
    char quote = sql.charAt(start);
    int end = start + 1;
    while (end < sql.length()) {
      char c = sql.charAt(end);
      if (c == '\\' && escapes) {
        end += 2;
      } else if (c != quote) {
        end++;
      } else if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
        end += 2;
      } else {
        return end + 1;
      }
    }
    return sql.length();
  }

  /** Behind {@code $tag$}, or zero where there is none. */
  private int afterTag(int start) {
    int end = start + 1;
    while (end < sql.length() && sql.charAt(end) != '$' && isPartOfName(sql.charAt(end))) {
      end++;
    }
    boolean closed = end < sql.length() && sql.charAt(end) == '$';
    return closed && !isDigit(sql.charAt(start + 1)) ? end + 1 : 0;
  }

  private int afterDollarQuote(int start) {
    int body = afterTag(start);
    String tag = sql.substring(start, body);
    int end = sql.indexOf(tag, body);
    return end < 0 ? sql.length() : end + tag.length();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  /** As PostgreSQL has it: every character beyond ASCII is a letter. */
  private static boolean isPartOfName(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || isDigit(c)
        || c == '_'
        || c == '$'
        || c >= '\u0080';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
