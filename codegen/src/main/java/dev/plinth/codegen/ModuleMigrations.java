package dev.plinth.codegen;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Properties;
import java.util.Set;
import org.flywaydb.core.Flyway;

/**
 * The migrations of one module and of those it depends on, in that order, as its descriptor {@code
 * META-INF/plinth/<module>.properties} names them. The same descriptor is what the module's Java
 * code reads.
 */
final class ModuleMigrations {

  private final Path sources;
  private final ClassLoader classpath;

  /**
   * @param sources the resource directory of the module being built; what an earlier build left on
   *     the class path is not asked
   * @param classpath where the modules it depends on are found
   */
  ModuleMigrations(Path sources, ClassLoader classpath) {
    this.sources = sources;
    this.classpath = classpath;
  }

  Set<String> inOrder(String module) {
    Set<String> order = new LinkedHashSet<>();
    visit(module, order);
    return order;
  }

  String roles() {
    return read("db/roles/base/roles.sql");
  }

  void apply(String module, String url) {
    Flyway.configure(classpath)
        .dataSource(url, null, null)
        .locations(location("db/migration/" + module))
        .schemas("plinth_" + module)
        .table("migration_history")
        .placeholderReplacement(false)
        .outputQueryResults(false)
        .load()
        .migrate();
  }

  private void visit(String module, Set<String> order) {
    for (String dependency : dependenciesOf(module)) {
      visit(dependency, order);
    }
    order.add(module);
  }

  private Set<String> dependenciesOf(String module) {
    Properties descriptor = new Properties();
    try (InputStream in = open("META-INF/plinth/" + module + ".properties")) {
      descriptor.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Set<String> names = new LinkedHashSet<>();
    for (String name : descriptor.getProperty("dependsOn", "").split(",", -1)) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return names;
  }

  private String read(String resource) {
    try (InputStream in = open(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String location(String directory) {
    Path own = sources.resolve(directory);
    return Files.isDirectory(own) ? "filesystem:" + own : "classpath:" + directory;
  }

  private InputStream open(String resource) throws IOException {
    Path own = sources.resolve(resource);
    InputStream in =
        Files.exists(own) ? Files.newInputStream(own) : classpath.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("Not found among sources and dependencies: " + resource);
    }
    return in;
  }
}
