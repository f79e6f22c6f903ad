package dev.plinth.projects.git;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/** A git repository on disk, open for reading. */
final class GitReader implements AutoCloseable {

  private static final String ORIGIN = Constants.R_REMOTES + Constants.DEFAULT_REMOTE_NAME + '/';
  private static final List<String> USUAL_DEFAULTS = List.of("main", "master");

  private final Path path;
  private final Repository repository;
  private final RevWalk walk;

  private GitReader(Path path, Repository repository) {
    this.path = path;
    this.repository = repository;
    this.walk = new RevWalk(repository);
  }

  /**
   * Opens the repository that a directory is, has, or lies in.
   *
   * @throws NotARepositoryException if there is none, or its directory cannot be read
   */
  static GitReader open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new NotARepositoryException(path, "it is no directory", null);
    }
    try {
      FileRepositoryBuilder builder =
          new FileRepositoryBuilder().setMustExist(true).findGitDir(path.toAbsolutePath().toFile());
      File directory = builder.getGitDir();
      if (directory == null) {
        throw new NotARepositoryException(path, "neither it nor a directory above is one", null);
      }
      return new GitReader(path, builder.build());
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Where the branches stand: the local ones, or those of the origin if there are none.
   *
   * @param knownDefault the default branch as it is stored, or null
   * @throws NotARepositoryException if they cannot be read
   */
  Heads heads(@Nullable String knownDefault) {
    try {
      NavigableMap<String, String> shas = shas(branchPrefix());
      Ref head = repository.exactRef(Constants.HEAD);
      boolean detached = head != null && !head.isSymbolic() && head.getObjectId() != null;
      return new Heads(
          shas,
          defaultBranch(head, shas, knownDefault),
          detached ? head.getObjectId().name() : null,
          !repository.getObjectDatabase().getShallowCommits().isEmpty());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * What is different from what is stored.
   *
   * @throws NotARepositoryException if commits or reflogs cannot be read
   */
  BranchChanges changes(List<StoredBranch> stored, Heads heads) {
    try {
      return BranchChanges.between(stored, heads, new GitHistory(repository, walk, branchPrefix()));
    } catch (IOException e) {
      throw unreadable(e);
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void close() {
    walk.close();
    repository.close();
  }

  private String branchPrefix() throws IOException {
    boolean local = !repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).isEmpty();
    return local ? Constants.R_HEADS : ORIGIN;
  }

  private NavigableMap<String, String> shas(String prefix) throws IOException {
    NavigableMap<String, String> shas = new TreeMap<>();
    for (Ref ref : repository.getRefDatabase().getRefsByPrefix(prefix)) {
      ObjectId id = ref.getObjectId();
      String name = ref.getName().substring(prefix.length());
      boolean alias = prefix.equals(ORIGIN) && name.equals(Constants.HEAD);
      if (id != null && !alias) {
        shas.put(name, id.name());
      }
    }
    return shas;
  }

  /**
   * The first that exists of: what is checked out, what the origin says, what is stored, what is
   * usual. Where none does, what a new repository will call its first branch, or what is stored.
   */
  private @Nullable String defaultBranch(
      @Nullable Ref head, NavigableMap<String, String> shas, @Nullable String known)
      throws IOException {
    String checkedOut = target(head, Constants.R_HEADS);
    String origins = target(repository.exactRef(ORIGIN + Constants.HEAD), ORIGIN);
    Optional<String> existing =
        Stream.concat(Stream.of(checkedOut, origins, known), USUAL_DEFAULTS.stream())
            .filter(name -> name != null && shas.containsKey(name))
            .findFirst();
    boolean isNew = shas.isEmpty() && checkedOut != null;
    return existing.orElse(isNew ? checkedOut : known);
  }

  private static @Nullable String target(@Nullable Ref ref, String prefix) {
    if (ref == null || !ref.isSymbolic()) {
      return null;
    }
    String name = ref.getTarget().getName();
    return name.startsWith(prefix) ? name.substring(prefix.length()) : null;
  }

  private NotARepositoryException unreadable(Exception cause) {
    return unreadable(path, cause);
  }

  private static NotARepositoryException unreadable(Path path, Exception cause) {
    return new NotARepositoryException(path, String.valueOf(cause.getMessage()), cause);
  }
}
