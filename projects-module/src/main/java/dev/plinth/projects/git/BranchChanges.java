package dev.plinth.projects.git;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is different between the branches of a repository and those that are stored. */
record BranchChanges(List<Created> created, List<Kept> kept, List<StoredBranch> deleted) {

  /** A branch that was not there before. */
  record Created(String name, HeadCommit head, boolean isDefault) {}

  /**
   * A branch of which something is to be changed.
   *
   * @param headOrNull the new head, or null if that is as before
   */
  record Kept(
      StoredBranch before,
      String name,
      @Nullable HeadCommit headOrNull,
      boolean isDefault,
      boolean forcePushed) {

    boolean moved() {
      return headOrNull != null;
    }

    boolean renamed() {
      return !name.equals(before.name());
    }

    private boolean differs() {
      return moved() || renamed() || isDefault != before.isDefault();
    }
  }

  static BranchChanges between(Collection<StoredBranch> stored, Heads heads, History history) {
    Map<String, StoredBranch> before =
        stored.stream().collect(Collectors.toMap(StoredBranch::name, Function.identity()));
    NavigableMap<String, String> appeared = new TreeMap<>(heads.shas());
    appeared.keySet().removeAll(before.keySet());
    List<StoredBranch> vanished = new ArrayList<>(stored);
    vanished.removeIf(branch -> heads.shas().containsKey(branch.name()));
    Map<String, StoredBranch> renamed = Renames.find(vanished, appeared, history);
    before.keySet().retainAll(heads.shas().keySet());
    before.putAll(renamed);
    vanished.removeAll(renamed.values());
    appeared.keySet().removeAll(renamed.keySet());
    return new BranchChanges(
        created(appeared, heads, history), kept(before, heads, history), vanished);
  }

  List<String> names(Predicate<Kept> which) {
    return kept.stream().filter(which).map(Kept::name).sorted().toList();
  }

  List<SyncResult.Rename> renames() {
    return kept.stream()
        .filter(Kept::renamed)
        .map(branch -> new SyncResult.Rename(branch.before().name(), branch.name()))
        .toList();
  }

  private static List<Created> created(
      NavigableMap<String, String> appeared, Heads heads, History history) {
    return appeared.entrySet().stream()
        .map(
            branch ->
                new Created(
                    branch.getKey(),
                    history.commit(branch.getValue()),
                    heads.isDefault(branch.getKey())))
        .toList();
  }

  private static List<Kept> kept(Map<String, StoredBranch> before, Heads heads, History history) {
    return new TreeMap<>(before)
        .entrySet().stream()
            .map(branch -> kept(branch.getKey(), branch.getValue(), heads, history))
            .filter(Kept::differs)
            .toList();
  }

  private static Kept kept(String name, StoredBranch before, Heads heads, History history) {
    String sha = heads.shas().get(name);
    boolean isDefault = heads.isDefault(name);
    if (sha == null || sha.equals(before.headSha())) {
      return new Kept(before, name, null, isDefault, false);
    }
    boolean forcePushed = history.isRewritten(before.headSha(), sha);
    return new Kept(before, name, history.commit(sha), isDefault, forcePushed);
  }
}
