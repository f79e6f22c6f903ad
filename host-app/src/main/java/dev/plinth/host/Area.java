package dev.plinth.host;

import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A directory that is measured at once.
 *
 * @param path that of the whole is empty
 * @param deep with all that is below it
 */
record Area(String path, boolean deep) {

  /** How many areas there are at most: of more directories the deepest go with their parents. */
  static final int MOST = 250;

  /** The areas that directories fall into, none into two. */
  static List<Area> of(Collection<String> directories) {
    int depth = directories.stream().mapToInt(Area::depth).max().orElse(0);
    NavigableSet<String> cut = new TreeSet<>(directories);
    while (cut.size() > MOST) {
      int most = --depth;
      cut = new TreeSet<>(directories.stream().map(path -> cut(path, most)).toList());
    }
    int deepest = depth;
    return cut.stream().map(path -> new Area(path, depth(path) == deepest)).toList();
  }

  private static int depth(String path) {
    return path.isEmpty() ? 0 : (int) path.chars().filter(c -> c == '/').count() + 1;
  }

  private static String cut(String path, int depth) {
    String[] names = path.split("/", -1);
    return names.length <= depth ? path : String.join("/", List.of(names).subList(0, depth));
  }
}
