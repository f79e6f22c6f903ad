package dev.plinth.base.module;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.MissingModuleException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Modules in the order in which they are migrated: each after what it depends on. */
public final class ModuleOrder {

  private final Map<String, ModuleDescriptor> known = new LinkedHashMap<>();
  private final Map<String, ModuleDescriptor> ordered = new LinkedHashMap<>();
  private final Set<String> visiting = new HashSet<>();

  private ModuleOrder(Collection<ModuleDescriptor> modules) {
    for (ModuleDescriptor module : modules) {
      if (known.put(module.name(), module) != null) {
        throw new InvalidValueException("module " + module.name(), "was added twice");
      }
    }
  }

  /**
   * Orders modules.
   *
   * @throws MissingModuleException if one depends on another that is not among them
   * @throws InvalidValueException if one is there twice, or they depend on each other in a circle
   */
  public static List<ModuleDescriptor> of(Collection<ModuleDescriptor> modules) {
    ModuleOrder order = new ModuleOrder(modules);
    order.known.values().forEach(order::visit);
    return List.copyOf(order.ordered.values());
  }

  private void visit(ModuleDescriptor module) {
    if (ordered.containsKey(module.name())) {
      return;
    }
    if (!visiting.add(module.name())) {
      throw new InvalidValueException("module " + module.name(), "depends on itself in a circle");
    }
    for (String name : module.dependsOn()) {
      ModuleDescriptor dependency = known.get(name);
      if (dependency == null) {
        throw new MissingModuleException(module.name(), name, null);
      }
      visit(dependency);
    }
    ordered.put(module.name(), module);
  }
}
