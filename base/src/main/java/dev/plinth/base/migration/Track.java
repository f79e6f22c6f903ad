package dev.plinth.base.migration;

import dev.plinth.base.module.ModuleDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One line of migrations that has a history of its own: a module's, or that of its link to another
 * module.
 *
 * @param module whose schema it is in
 * @param target the module that is linked to, or an empty string
 * @param complete whether this host has what it takes to apply it
 */
record Track(ModuleDescriptor module, String target, boolean complete) {

  static final String HISTORY = "migration_history";

  /** Those of the modules in their order, then the links, which need the tables of both sides. */
  static List<Track> of(List<ModuleDescriptor> modules) {
    Set<String> names = modules.stream().map(ModuleDescriptor::name).collect(Collectors.toSet());
    List<Track> tracks = new ArrayList<>();
    modules.forEach(module -> tracks.add(new Track(module, "", true)));
    for (ModuleDescriptor module : modules) {
      for (String target : module.links()) {
        tracks.add(new Track(module, target, names.contains(target)));
      }
    }
    return tracks;
  }

  boolean isLink() {
    return !target.isEmpty();
  }

  /** {@code notes}, or {@code notes+labels}. */
  String name() {
    return isLink() ? module.name() + "+" + target : module.name();
  }

  String schema() {
    return module.schema();
  }

  /** The name of its history table. */
  String history() {
    return isLink() ? HISTORY + "_" + target : HISTORY;
  }

  /** Its history table with its schema. */
  String table() {
    return schema() + "." + history();
  }

  /** Where its migrations are. */
  String migrations() {
    return "db/migration/" + name();
  }

  boolean knows(String script) {
    return module.resources().getResource(migrations() + "/" + script) != null;
  }

  /** What takes a migration back. */
  String undoing(String script) {
    return "db/rollback/" + name() + "/U" + script.substring(1);
  }
}
