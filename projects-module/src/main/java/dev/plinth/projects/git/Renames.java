package dev.plinth.projects.git;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Which of the branches that appeared are among those that vanished, under another name. */
final class Renames {

  private final NavigableMap<String, StoredBranch> vanished = new TreeMap<>();
  private final NavigableMap<String, String> appeared;
  private final Map<String, StoredBranch> found = new HashMap<>();
  private final History history;

  private Renames(
      Collection<StoredBranch> vanished, NavigableMap<String, String> appeared, History history) {
    vanished.forEach(branch -> this.vanished.put(branch.name(), branch));
    this.appeared = new TreeMap<>(appeared);
    this.history = history;
  }

  /**
   * Finds them: first what the repository remembers, then, of a branch that it remembers nothing
   * of, the head, if no two branches share it.
   *
   * @param appeared heads by name
   * @return what was stored, by the new name
   */
  static Map<String, StoredBranch> find(
      Collection<StoredBranch> vanished, NavigableMap<String, String> appeared, History history) {
    if (vanished.isEmpty() || appeared.isEmpty()) {
      return Map.of();
    }
    Renames renames = new Renames(vanished, appeared, history);
    List.copyOf(appeared.keySet()).forEach(renames::byMemory);
    Map.copyOf(renames.appeared).entrySet().stream()
        .filter(branch -> !history.remembers(branch.getKey()) && renames.isAlone(branch.getValue()))
        .toList()
        .forEach(branch -> renames.byHead(branch.getKey(), branch.getValue()));
    return renames.found;
  }

  private void byMemory(String name) {
    history.formerNames(name).stream()
        .filter(vanished::containsKey)
        .findFirst()
        .ifPresent(former -> match(name, former));
  }

  private void byHead(String name, String head) {
    withHead(head).ifPresent(branch -> match(name, branch.name()));
  }

  private boolean isAlone(String head) {
    return appeared.values().stream().filter(head::equals).count() == 1;
  }

  private Optional<StoredBranch> withHead(String sha) {
    List<StoredBranch> same =
        vanished.values().stream().filter(branch -> branch.headSha().equals(sha)).toList();
    return same.size() == 1 ? Optional.of(same.get(0)) : Optional.empty();
  }

  private void match(String name, String former) {
    StoredBranch branch = vanished.remove(former);
    if (branch != null) {
      appeared.remove(name);
      found.put(name, branch);
    }
  }
}
