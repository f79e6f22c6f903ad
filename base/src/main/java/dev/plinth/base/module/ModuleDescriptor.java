package dev.plinth.base.module;

import dev.plinth.base.error.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * What {@code META-INF/plinth/<name>.properties} says of a module; the build reads the same file.
 *
 * @param name the module
 * @param dependsOn the modules that must be there, by name
 * @param links the modules that its tables refer to where they are there, by name
 * @param globalTables its tables without a tenant, by name
 * @param discoveryIndexes its indexes that do not start with the tenant, by name
 * @param resources where its migrations are found
 */
public record ModuleDescriptor(
    String name,
    List<String> dependsOn,
    List<String> links,
    List<String> globalTables,
    List<String> discoveryIndexes,
    ClassLoader resources) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]{0,30}");

  /** Checks the names and copies the lists. */
  public ModuleDescriptor {
    requireName(name);
    links.forEach(ModuleDescriptor::requireName); // they are in the names of tables
    dependsOn = List.copyOf(dependsOn);
    links = List.copyOf(links);
    globalTables = List.copyOf(globalTables);
    discoveryIndexes = List.copyOf(discoveryIndexes);
  }

  /**
   * Reads the descriptor of a module.
   *
   * @throws InvalidValueException if there is none
   */
  public static ModuleDescriptor of(PlinthModule module) {
    ClassLoader resources = module.getClass().getClassLoader();
    String path = "META-INF/plinth/" + module.name() + ".properties";
    try (InputStream in = resources.getResourceAsStream(path)) {
      if (in == null) {
        throw new InvalidValueException("module " + module.name(), "has no descriptor " + path);
      }
      Properties properties = new Properties();
      properties.load(in);
      return new ModuleDescriptor(
          module.name(),
          names(properties, "dependsOn"),
          names(properties, "links"),
          names(properties, "globalTables"),
          names(properties, "discoveryIndexes"),
          resources);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /** The schema that the module owns. */
  public String schema() {
    return "plinth_" + name;
  }

  private static List<String> names(Properties properties, String property) {
    return Arrays.stream(properties.getProperty(property, "").split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidValueException("name", "of a module must be one lower-case word: " + name);
    }
  }
}
