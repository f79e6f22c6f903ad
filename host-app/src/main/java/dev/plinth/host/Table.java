package dev.plinth.host;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Rows in columns that are as wide as their widest cell, under a title. */
final class Table {

  /** What a value could do to a terminal, or to the rows. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private final String title;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String title, String... columns) {
    this.title = title;
    row((Object[]) columns);
  }

  void row(Object... cells) {
    rows.add(
        Arrays.stream(cells)
            .map(cell -> CONTROL.matcher(String.valueOf(cell)).replaceAll(" ").strip())
            .toList());
  }

  /** Nothing but the title and {@code none}, if there are no rows. */
  void print(PrintWriter out) {
    out.println(title);
    if (rows.size() == 1) {
      out.println("  none");
    } else {
      rows.forEach(row -> out.println(line(row)));
    }
    out.println();
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      line.append("  ").append(row.get(column));
      line.append(" ".repeat(width(column) - row.get(column).length()));
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
