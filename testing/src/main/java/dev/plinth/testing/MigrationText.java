package dev.plinth.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
          + " ALTER TABLE … NO FORCE ROW LEVEL SECURITY of each before, FORCE after";

  private static final Pattern HEADING =
      Pattern.compile("^-- (\\S+ V\\d+__\\w+\\.sql)$", Pattern.MULTILINE);

  private static final Pattern COMMENT = Pattern.compile("--[^\\n]*|/\\*.*?\\*/", Pattern.DOTALL);

  /** A block that is executed, the body of a function, or a string. */
  private static final Pattern QUOTED =
      Pattern.compile(
          "(\\bdo\\s+(?:language\\s+\\w+\\s+)?)?\\$(\\w*)\\$(.*?)\\$\\2\\$|'(?:[^']|'')*'",
          Pattern.DOTALL);

  private static final String TABLE = "(?:if exists\\s+)?(?:only\\s+)?([\\w.%\"]+)";

  private static final Pattern ALTERED = Pattern.compile("\\balter table\\s+" + TABLE);
  private static final Pattern SHOWN = Pattern.compile("\\bno force row level security");
  private static final Pattern HIDDEN = Pattern.compile("\\bforce row level security");
  private static final Pattern LOOKING_KEY =
      Pattern.compile("\\bvalidate constraint|\\bforeign key(?!.*\\bnot valid)", Pattern.DOTALL);

  /** ON CONFLICT DO UPDATE SET, FOR UPDATE, and privileges are none. */
  private static final Pattern CHANGED =
      Pattern.compile(
          "\\b(?:delete from|merge into)\\s+TABLE|\\bupdate\\s+TABLE(?:\\s+(?:as\\s+)?\\w+)?\\s+set\\b"
              .replace("TABLE", TABLE));

  private static final Pattern COPIES =
      Pattern.compile("\\binsert into\\b.*\\bselect\\b", Pattern.DOTALL);

  /** A table of Plinth's that is read, and no function of its schema, no column of it. */
  private static final Pattern READ =
      Pattern.compile(
          "(?:\\b(?:from|join|using)\\s+(?:only\\s+)?|,\\s*)(plinth_\\w++\\.\\w++)(?!\\s*[.(])");

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

  /** Statement by statement: a table that one looks at must have been opened by one before. */
  boolean isBlind() {
    String plain = executed();
    Set<String> open = new HashSet<>();
    for (String statement : plain.split(";", -1)) {
      Matcher altered = ALTERED.matcher(statement);
      if (altered.find()) {
        String table = altered.group(1);
        boolean isNew =
            Pattern.compile("create table " + Pattern.quote(table) + "\\b").matcher(plain).find();
        if (LOOKING_KEY.matcher(statement).find() && !isNew && !open.contains(table)) {
          return true;
        }
        if (SHOWN.matcher(statement).find()) {
          open.add(table);
        } else if (HIDDEN.matcher(statement).find()) {
          open.remove(table);
        }
      }
      if (!open.containsAll(tablesLookedAt(statement))) {
        return true;
      }
    }
    return false;
  }

  /** In lower case; without comments, what functions do later, and strings outside of blocks. */
  private String executed() {
    String plain = COMMENT.matcher(sql).replaceAll("").toLowerCase(Locale.ROOT);
    return QUOTED
        .matcher(plain)
        .replaceAll(
            quoted ->
                Matcher.quoteReplacement(
                    quoted.group(1) == null ? "''" : ";" + quoted.group(3).replace('\'', ' ')));
  }

  private static Set<String> tablesLookedAt(String statement) {
    Set<String> tables = new HashSet<>();
    Matcher changed = CHANGED.matcher(statement);
    while (changed.find()) {
      tables.add(changed.group(1) == null ? changed.group(2) : changed.group(1));
    }
    if (!tables.isEmpty() || COPIES.matcher(statement).find()) {
      READ.matcher(statement).results().map(read -> read.group(1)).forEach(tables::add);
    }
    return tables;
  }
}
