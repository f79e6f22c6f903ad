package dev.plinth.host;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What measuring came to: the output of its last task.
 *
 * @param directories how many were measured
 * @param languages how much is written in which language
 * @param byDirectory how much is in each area
 */
record Measured(int directories, Map<String, Figures> languages, Map<String, Figures> byDirectory) {

  /**
   * What one task measured.
   *
   * @param path of an area
   */
  record Part(String path, Map<String, Figures> languages) {

    static Part of(Object json) {
      Map<?, ?> part = (Map<?, ?>) json;
      return new Part(String.valueOf(part.get("path")), Figures.byName(member(part, "languages")));
    }
  }

  static Measured of(Object json) {
    Map<?, ?> all = (Map<?, ?>) json;
    return new Measured(
        ((Number) member(all, "directories")).intValue(),
        Figures.byName(member(all, "languages")),
        Figures.byName(member(all, "byDirectory")));
  }

  static Measured joined(int directories, Iterable<Part> parts) {
    Map<String, Figures> languages = new TreeMap<>();
    Map<String, Figures> byDirectory = new TreeMap<>();
    for (Part part : parts) {
      part.languages().forEach((name, more) -> languages.merge(name, more, Figures::plus));
      byDirectory.put(part.path(), Figures.total(part.languages()));
    }
    return new Measured(directories, languages, byDirectory);
  }

  private static Object member(Map<?, ?> json, String name) {
    return Objects.requireNonNull(json.get(name), name);
  }
}
