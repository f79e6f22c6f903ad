package dev.plinth.host;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * What was done in a git repository, and what is being done: the latest commits of its HEAD, one
 * merge being one change, and the branches that are not merged.
 *
 * @param latest some that are going on, and the most recent that are done
 * @param open the keys of all that are going on
 */
record GitChanges(List<Change> latest, Set<String> open) {

  private static final int DONE_KEPT = 5;
  private static final int OPEN_KEPT = 5;
  private static final String REMOTE = Constants.R_REMOTES + "origin/";

  /**
   * One change.
   *
   * @param key by which it is known in later runs: a branch, or a commit
   * @param authorEmail as in the commit, but lower-case
   */
  record Change(String key, String subject, String authorEmail) {

    private static Change of(String key, RevCommit commit) {
      String email = commit.getAuthorIdent().getEmailAddress().strip().toLowerCase(Locale.ROOT);
      return new Change(key, commit.getShortMessage(), email);
    }
  }

  static GitChanges of(Repository repository) throws IOException {
    ObjectId head = repository.resolve(Constants.HEAD);
    if (head == null) {
      return new GitChanges(List.of(), Set.of());
    }
    List<Change> open = open(repository, head);
    List<Change> latest = new ArrayList<>(open.subList(0, Math.min(open.size(), OPEN_KEPT)));
    latest.addAll(done(repository, head));
    return new GitChanges(
        List.copyOf(latest), open.stream().map(Change::key).collect(Collectors.toSet()));
  }

  private static List<Change> done(Repository repository, ObjectId head) throws IOException {
    List<Change> done = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository)) {
      walk.setFirstParent(true);
      walk.markStart(walk.parseCommit(head));
      for (RevCommit commit : walk) {
        if (done.size() == DONE_KEPT) {
          break;
        }
        done.add(Change.of("commit " + commit.name(), commit));
      }
    }
    return done;
  }

  private static List<Change> open(Repository repository, ObjectId head) throws IOException {
    List<Change> open = new ArrayList<>();
    try (RevWalk walk = new RevWalk(repository)) {
      for (Map.Entry<String, ObjectId> branch : branches(repository).entrySet()) {
        unmerged(walk, branch.getValue(), head)
            .ifPresent(tip -> open.add(Change.of("branch " + branch.getKey(), tip)));
      }
    }
    return open;
  }

  private static Map<String, ObjectId> branches(Repository repository) throws IOException {
    Map<String, ObjectId> branches = new LinkedHashMap<>();
    for (String prefix : List.of(Constants.R_HEADS, REMOTE)) {
      for (Ref ref : repository.getRefDatabase().getRefsByPrefix(prefix)) {
        if (!ref.isSymbolic() && ref.getObjectId() != null) {
          branches.putIfAbsent(ref.getName().substring(prefix.length()), ref.getObjectId());
        }
      }
    }
    return branches;
  }

  /** Empty also where the clone is too shallow to tell. */
  private static Optional<RevCommit> unmerged(RevWalk walk, ObjectId branch, ObjectId head)
      throws IOException {
    try {
      RevCommit tip = walk.parseCommit(branch);
      return walk.isMergedInto(tip, walk.parseCommit(head)) ? Optional.empty() : Optional.of(tip);
    } catch (MissingObjectException e) {
      return Optional.empty();
    }
  }
}
