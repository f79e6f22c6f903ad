package dev.plinth.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A migration as it is printed.
 *
 * @param name of the module or link, and of the file
 */
record MigrationText(String name, String sql) {

  static final String DEMAND =
      "validates or changes rows, of which the owner sees none under FORCE:"
          + " ALTER TABLE … NO FORCE ROW LEVEL SECURITY before, FORCE after";

  private static final Pattern HEADING =
      Pattern.compile("^-- (\\S+ V\\d+__\\w+\\.sql)$", Pattern.MULTILINE);

  /** What functions do is done later, by others. */
  private static final Pattern COMMENT_OR_BODY =
      Pattern.compile("--[^\\n]*|\\$(\\w*)\\$.*?\\$\\1\\$", Pattern.DOTALL);

  private static final Pattern ROWS =
      Pattern.compile("^\\s*(update|delete from)\\s+(only\\s+)?(\\S+)|validate\\s+constraint");
  private static final Pattern FOREIGN_KEY =
      Pattern.compile("^\\s*alter table\\s+(only\\s+)?(\\S+).*foreign key", Pattern.DOTALL);

  /** The migrations in what {@code printMigrations()} prints. */
  static List<MigrationText> of(String printed) {
    List<MigrationText> texts = new ArrayList<>();
    Matcher heading = HEADING.matcher(printed);
    boolean found = heading.find();
    while (found) {
      String name = heading.group(1);
      int start = heading.end();
      found = heading.find();
      texts.add(
          new MigrationText(
              name, printed.substring(start, found ? heading.start() : printed.length())));
    }
    return texts;
  }

  boolean isBlind() {
    String plain = COMMENT_OR_BODY.matcher(sql).replaceAll("").toLowerCase(Locale.ROOT);
    for (String statement : plain.split(";", -1)) {
      Matcher key = FOREIGN_KEY.matcher(statement);
      boolean looks =
          ROWS.matcher(statement).find()
              || (key.find()
                  && !statement.contains("not valid")
                  && !plain.contains("create table " + key.group(2)));
      if (looks && !plain.contains("no force row level security")) {
        return true;
      }
    }
    return false;
  }
}
