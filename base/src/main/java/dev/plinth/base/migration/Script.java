package dev.plinth.base.migration;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * One migration file.
 *
 * @param name of the file
 * @param version as Flyway stores it: {@code 001}
 * @param description as Flyway stores it
 * @param checksum as Flyway computes it
 */
record Script(String name, String version, String description, String sql, int checksum) {

  private static final Pattern NAME = Pattern.compile("V(\\d+)__(\\w+)\\.sql");
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  static Script of(String name, String sql) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new IllegalStateException("A migration is called V<number>__<what>.sql, not " + name);
    }
    String description = parts.group(2).replace('_', ' ');
    return new Script(name, parts.group(1), description, sql, checksum(sql));
  }

  int number() {
    return Integer.parseInt(version);
  }

  /** Over the lines without their ends, so that a checkout with other line ends is the same. */
  private static int checksum(String sql) {
    CRC32 crc = new CRC32();
    String text = sql.startsWith(BYTE_ORDER_MARK) ? sql.substring(1) : sql;
    text.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
    return (int) crc.getValue();
  }
}
