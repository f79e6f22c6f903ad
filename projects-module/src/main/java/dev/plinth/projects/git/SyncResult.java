package dev.plinth.projects.git;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a synchronisation found; branches by name, sorted.
 *
 * @param created not there before
 * @param updated those that stay and whose head moved, force-pushed and renamed ones included
 * @param renamed the same branch under another name
 * @param deleted no longer there
 * @param forcePushed whose head does not descend from the one before
 * @param unchanged whether nothing at all was different, and so nothing was written
 * @param detachedHeadOrNull the commit that is checked out without a branch, or null
 * @param shallow whether the repository lacks part of its history
 */
public record SyncResult(
    List<String> created,
    List<String> updated,
    List<Rename> renamed,
    List<String> deleted,
    List<String> forcePushed,
    boolean unchanged,
    @Nullable String detachedHeadOrNull,
    boolean shallow) {

  /** Copies the lists. */
  public SyncResult {
    created = List.copyOf(created);
    updated = List.copyOf(updated);
    renamed = List.copyOf(renamed);
    deleted = List.copyOf(deleted);
    forcePushed = List.copyOf(forcePushed);
  }

  /** A branch and what it was called before. */
  public record Rename(String from, String to) {}

  /** The commit that is checked out without a branch; empty if a branch is. */
  public Optional<String> detachedHead() {
    return Optional.ofNullable(detachedHeadOrNull);
  }

  static SyncResult unchanged(Heads heads) {
    return new SyncResult(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        true,
        heads.detachedOrNull(),
        heads.shallow());
  }

  static SyncResult of(BranchChanges changes, Heads heads) {
    return new SyncResult(
        changes.created().stream().map(BranchChanges.Created::name).sorted().toList(),
        changes.names(BranchChanges.Kept::moved),
        changes.renames(),
        changes.deleted().stream().map(StoredBranch::name).sorted().toList(),
        changes.names(BranchChanges.Kept::forcePushed),
        false,
        heads.detachedOrNull(),
        heads.shallow());
  }
}
