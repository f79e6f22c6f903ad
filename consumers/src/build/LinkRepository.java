import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a local repository in which our own artifacts are files and everything else is a link into
 * the user's: nothing is copied, nothing is fetched twice, and nothing of ours gets in there.
 */
public final class LinkRepository {

  private static final Path OURS = Path.of("dev", "plinth");

  private LinkRepository() {}

  /** Takes the user's repository and the one to make. */
  public static void main(String[] arguments) throws IOException {
    link(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(""));
  }

  private static void link(Path from, Path to, Path group) throws IOException {
    Files.createDirectories(to.resolve(group));
    for (Path directory : directories(from.resolve(group))) {
      Path name = from.relativize(directory);
      Path link = to.resolve(name);
      if (name.equals(OURS)) {
        continue;
      }
      if (OURS.startsWith(name)) {
        link(from, to, name);
      } else if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, directory);
      }
    }
  }

  private static List<Path> directories(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children.filter(Files::isDirectory).toList();
    }
  }
}
