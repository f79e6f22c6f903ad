package dev.plinth.base.migration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The migration files on the class path, each read once. Flyway looks for itself when it migrates;
 * these are for what it is not needed for: to see that there is nothing to do, and to print.
 */
final class Scripts {

  private final Map<Track, List<Script>> known = new ConcurrentHashMap<>();

  /** Those of one track in their order; empty where the class path does not show its folders. */
  List<Script> of(Track track) {
    return known.computeIfAbsent(track, Scripts::find);
  }

  /** The text of a resource that belongs to a module. */
  static String read(ClassLoader resources, String resource) {
    try (InputStream in = resources.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("Not in the jar: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Script> find(Track track) {
    ClassLoader resources = track.module().resources();
    TreeSet<String> names = new TreeSet<>();
    try {
      for (URL folder : Collections.list(resources.getResources(track.migrations()))) {
        names.addAll(files(folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + track.migrations(), e);
    }
    return names.stream()
        .map(name -> Script.of(name, read(resources, track.migrations() + "/" + name)))
        .sorted(Comparator.comparingInt(Script::number))
        .toList();
  }

  private static List<String> files(URL folder) throws IOException {
    if (folder.getProtocol().equals("file")) {
      try (Stream<Path> paths = Files.list(Path.of(URI.create(folder.toString())))) {
        return sql(paths.map(path -> path.getFileName().toString()));
      }
    }
    if (folder.openConnection() instanceof JarURLConnection jar) {
      jar.setUseCaches(false); // or closing it would close it for everybody
      String prefix = jar.getEntryName().replaceFirst("/?$", "/");
      try (JarFile file = jar.getJarFile()) {
        return sql(
            file.stream()
                .map(entry -> entry.getName())
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length())));
      }
    }
    return List.of();
  }

  private static List<String> sql(Stream<String> names) {
    return names.filter(name -> name.endsWith(".sql")).toList();
  }
}
