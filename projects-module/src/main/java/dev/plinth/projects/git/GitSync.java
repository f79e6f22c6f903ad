package dev.plinth.projects.git;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.TenantTx;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Brings the branches of a repository up to what a git repository on disk holds. Needs JGit, which
 * is optional. Thread-safe; synchronisations of one repository wait for each other.
 */
public final class GitSync {

  private final SyncQueries queries = new SyncQueries();

  /**
   * Reads branches and head commits, and stores what is different; where nothing is, nothing is
   * written. A renamed branch keeps its id, one that is gone is deleted softly, and a head that
   * does not descend from the one before is noted as a force-push. Without local branches, as in
   * some clones that build servers make, those of {@code origin} count.
   *
   * @param path of a working tree, a linked one too, of a directory in it, or of a bare repository
   * @throws NotFoundException if the organization has no such repository
   * @throws NotARepositoryException if {@code path} is no git repository that can be read
   * @throws MissingJGitException if JGit is not on the class path
   * @throws AccessDeniedException if who acts is a viewer
   */
  public SyncResult sync(TenantTx tx, UUID repositoryId, Path path) {
    requireJGit();
    tx.requireWriter();
    SyncState seen = queries.state(tx, repositoryId).orElseThrow(() -> missing(repositoryId));
    try (GitReader git = GitReader.open(path)) {
      Heads heads = git.heads(seen.defaultBranchOrNull());
      return seen.isAt(heads) ? SyncResult.unchanged(heads) : locked(tx, repositoryId, git);
    }
  }

  /** Looks again on both sides: another synchronisation may have been faster, or saw more. */
  private SyncResult locked(TenantTx tx, UUID repositoryId, GitReader git) {
    SyncState stored = queries.lock(tx, repositoryId).orElseThrow(() -> missing(repositoryId));
    Heads heads = git.heads(stored.defaultBranchOrNull());
    if (stored.isAt(heads)) {
      return SyncResult.unchanged(heads);
    }
    BranchChanges changes = git.changes(queries.branches(tx, repositoryId), heads);
    new BranchWrites(tx, repositoryId).write(changes);
    queries.advance(tx, repositoryId, heads);
    publish(tx, repositoryId, changes);
    return SyncResult.of(changes, heads);
  }

  private static void publish(TenantTx tx, UUID repositoryId, BranchChanges changes) {
    UUID organization = tx.organizationId();
    for (BranchChanges.Kept branch : changes.kept()) {
      if (branch.forcePushed() && branch.headOrNull() != null) {
        String from = branch.before().headSha();
        String to = branch.headOrNull().sha();
        tx.publish(
            new BranchForcePushed(organization, repositoryId, branch.before().id(), from, to));
      }
    }
    tx.publish(new RepositorySynced(organization, repositoryId));
  }

  private static void requireJGit() {
    try {
      Class.forName("org.eclipse.jgit.lib.Repository", false, GitSync.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new MissingJGitException(e);
    }
  }

  private static NotFoundException missing(UUID id) {
    return new NotFoundException("repository", id.toString(), null);
  }
}
