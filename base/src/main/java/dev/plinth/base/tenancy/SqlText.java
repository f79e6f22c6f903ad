package dev.plinth.base.tenancy;

/** The text of a statement as it may be logged: its words, and a question mark for each value. */
final class SqlText {

  private static final int LONGEST = 2_000;

  private final String sql;
  private final StringBuilder shown = new StringBuilder();
  private int at;

  private SqlText(String sql) {
    this.sql = sql;
  }

  /** Without strings, numbers, dollar quotes, and comments, which may hold values too. */
  static String withoutValues(String sql) {
    SqlText text = new SqlText(sql);
    while (text.at < sql.length() && text.shown.length() < LONGEST) {
      text.next();
    }
    return text.shown.toString().strip() + (text.at < sql.length() ? " …" : "");
  }

  private void next() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      blank(at + 1);
    } else if (sql.startsWith("--", at)) {
      int end = sql.indexOf('\n', at);
      blank(end < 0 ? sql.length() : end);
    } else if (sql.startsWith("/*", at)) {
      blank(SqlTokens.afterBlock(sql, at));
    } else if (c == '\'') {
      value(afterString());
    } else if (c == '$' && !isDigit(at + 1)) {
      value(afterDollarQuote());
    } else if (isDigit(at) || c == '.' && isDigit(at + 1)) {
      value(afterNumber());
    } else {
      word(c);
    }
  }

  private void blank(int end) {
    if (!shown.isEmpty() && shown.charAt(shown.length() - 1) != ' ') {
      shown.append(' ');
    }
    at = end;
  }

  private void value(int end) {
    shown.append('?');
    at = end;
  }

  /** A name, quoted or not, a parameter such as $1, or any other character as it is. */
  private void word(char first) {
    int end = at + 1;
    if (first == '"') {
      int quote = sql.indexOf('"', end);
      end = quote < 0 ? sql.length() : quote + 1;
    } else if (first == '$' || Character.isLetter(first) || first == '_') {
      while (end < sql.length() && isPartOfName(sql.charAt(end))) {
        end++;
      }
    }
    shown.append(sql, at, end);
    at = end;
  }

  /** Whether a backslash hides the quote behind it depends on a setting: then all the rest goes. */
  private int afterString() {
    int end = at;
    do {
      int quote = sql.indexOf('\'', end + 1);
      int backslash = sql.indexOf('\\', end + 1);
      if (quote < 0 || backslash >= 0 && backslash < quote) {
        return sql.length();
      }
      end = quote + 1;
    } while (end < sql.length() && sql.charAt(end) == '\'');
    return end;
  }

  private int afterDollarQuote() {
    int tagEnd = sql.indexOf('$', at + 1);
    if (tagEnd < 0) {
      return sql.length();
    }
    String tag = sql.substring(at, tagEnd + 1);
    int end = sql.indexOf(tag, tagEnd + 1);
    return end < 0 ? sql.length() : end + tag.length();
  }

  private int afterNumber() {
    int end = at + 1;
    while (end < sql.length() && (isPartOfNumber(end) || isSignOfExponent(end))) {
      end++;
    }
    return end;
  }

  private boolean isPartOfNumber(int index) {
    char c = sql.charAt(index);
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  private boolean isSignOfExponent(int index) {
    char c = sql.charAt(index);
    return (c == '+' || c == '-') && "eE".indexOf(sql.charAt(index - 1)) >= 0 && isDigit(index + 1);
  }

  private boolean isDigit(int index) {
    return index < sql.length() && Character.isDigit(sql.charAt(index));
  }

  private static boolean isPartOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
