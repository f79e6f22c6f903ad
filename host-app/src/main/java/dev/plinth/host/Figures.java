package dev.plinth.host;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much there is of something; the lines of what is text.
 *
 * @param lines a last one without an end counts too
 */
record Figures(long files, long lines, long bytes) {

  static final Figures NONE = new Figures(0, 0, 0);

  Figures plus(Figures more) {
    return new Figures(files + more.files, lines + more.lines, bytes + more.bytes);
  }

  /** All of them together. */
  static Figures total(Map<String, Figures> parts) {
    return parts.values().stream().reduce(NONE, Figures::plus);
  }

  /** Figures by name, as they come back from JSON. */
  static Map<String, Figures> byName(Object json) {
    Map<String, Figures> all = new LinkedHashMap<>();
    ((Map<?, ?>) json).forEach((name, figures) -> all.put((String) name, of((Map<?, ?>) figures)));
    return all;
  }

  private static Figures of(Map<?, ?> json) {
    return new Figures(number(json, "files"), number(json, "lines"), number(json, "bytes"));
  }

  private static long number(Map<?, ?> json, String member) {
    return json.get(member) instanceof Number number ? number.longValue() : 0;
  }
}
