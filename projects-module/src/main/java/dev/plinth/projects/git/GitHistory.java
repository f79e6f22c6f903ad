package dev.plinth.projects.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.ReflogEntry;
import org.eclipse.jgit.lib.ReflogReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** The commits and reflogs of a repository on disk; parses only what is asked for. */
final class GitHistory implements History {

  /** As git writes it; JGit leaves out {@code refs/heads/}. */
  private static final Pattern RENAMED =
      Pattern.compile("Branch: renamed (?:refs/heads/)?(\\S+) to (?:refs/heads/)?(\\S+)");

  private final Repository repository;
  private final RevWalk walk;
  private final String prefix;
  private final Set<ObjectId> shallow;

  /**
   * @param prefix what the refs of the branches begin with
   * @param walk closed by the caller
   */
  GitHistory(Repository repository, RevWalk walk, String prefix) throws IOException {
    this.repository = repository;
    this.walk = walk;
    this.prefix = prefix;
    this.shallow = Set.copyOf(repository.getObjectDatabase().getShallowCommits());
  }

  @Override
  public HeadCommit commit(String sha) {
    try {
      RevCommit commit = walk.parseCommit(ObjectId.fromString(sha));
      walk.parseBody(commit);
      Optional<PersonIdent> author = Optional.ofNullable(commit.getAuthorIdent());
      return new HeadCommit(
          sha,
          author.map(PersonIdent::getName).orElse(""),
          author.map(who -> who.getWhenAsInstant().getEpochSecond()).orElse(0L),
          commit.getFirstMessageLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isRewritten(String from, String to) {
    try {
      RevCommit head = walk.parseCommit(ObjectId.fromString(to));
      return !descends(head, ObjectId.fromString(from)) && !isCutOff(head);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean remembers(String branch) {
    return !reflog(branch).isEmpty();
  }

  @Override
  public List<String> formerNames(String branch) {
    List<String> names = new ArrayList<>();
    String name = branch;
    for (ReflogEntry entry : reflog(branch)) {
      Matcher renamed = RENAMED.matcher(entry.getComment());
      if (renamed.matches() && renamed.group(2).equals(name)) {
        name = renamed.group(1);
        names.add(name);
      }
    }
    return names;
  }

  /** A commit that is not there is nobody's ancestor. */
  private boolean descends(RevCommit head, ObjectId ancestor) throws IOException {
    Optional<RevCommit> known = find(ancestor);
    return known.isPresent() && walk.isMergedInto(known.get(), head);
  }

  private Optional<RevCommit> find(ObjectId id) throws IOException {
    try {
      return Optional.of(walk.parseCommit(id));
    } catch (MissingObjectException e) {
      return Optional.empty();
    }
  }

  /** Whether the history of the commit ends where a shallow clone cut it. */
  private boolean isCutOff(RevCommit head) throws IOException {
    for (ObjectId boundary : shallow) {
      if (descends(head, boundary)) {
        return true;
      }
    }
    return false;
  }

  private List<ReflogEntry> reflog(String branch) {
    // What happened to a branch at its origin is not in the reflog of what was fetched of it.
    if (!prefix.equals(Constants.R_HEADS)) {
      return List.of();
    }
    try {
      ReflogReader reader = repository.getRefDatabase().getReflogReader(prefix + branch);
      return reader == null ? List.of() : reader.getReverseEntries();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
