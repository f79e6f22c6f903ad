package dev.plinth.host;

import java.util.Locale;
import java.util.Map;

/** What files are written in, by their names. */
final class Language {

  private static final String OTHER = "other";

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("java", "Java"),
          Map.entry("kt", "Kotlin"),
          Map.entry("groovy", "Groovy"),
          Map.entry("scala", "Scala"),
          Map.entry("sql", "SQL"),
          Map.entry("md", "Markdown"),
          Map.entry("xml", "XML"),
          Map.entry("json", "JSON"),
          Map.entry("yml", "YAML"),
          Map.entry("yaml", "YAML"),
          Map.entry("toml", "TOML"),
          Map.entry("properties", "Properties"),
          Map.entry("sh", "Shell"),
          Map.entry("py", "Python"),
          Map.entry("rb", "Ruby"),
          Map.entry("go", "Go"),
          Map.entry("rs", "Rust"),
          Map.entry("c", "C"),
          Map.entry("h", "C"),
          Map.entry("cpp", "C++"),
          Map.entry("cs", "C#"),
          Map.entry("js", "JavaScript"),
          Map.entry("ts", "TypeScript"),
          Map.entry("tsx", "TypeScript"),
          Map.entry("html", "HTML"),
          Map.entry("css", "CSS"),
          Map.entry("txt", "Text"),
          Map.entry("csv", "CSV"));

  private Language() {}

  /** The language that a file's extension stands for; of an unknown one the extension. */
  static String of(String file) {
    int dot = file.lastIndexOf('.');
    if (dot <= 0 || dot == file.length() - 1) {
      return OTHER;
    }
    String extension = file.substring(dot + 1).toLowerCase(Locale.ROOT);
    return BY_EXTENSION.getOrDefault(extension, "." + extension);
  }
}
