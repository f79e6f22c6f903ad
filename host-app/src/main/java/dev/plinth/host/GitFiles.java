package dev.plinth.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * The files of a commit, as git keeps them: what was built or not committed is none of them, nor
 * are links and submodules. Not thread-safe.
 */
final class GitFiles implements AutoCloseable {

  private static final int CHUNK = 8192;

  private final Repository repository;
  private final RevTree tree;

  /**
   * Of which commit of which repository.
   *
   * @param directory where its database is
   * @param id the name of the commit
   */
  record Commit(String directory, String id) {}

  private GitFiles(Repository repository, RevTree tree) {
    this.repository = repository;
    this.tree = tree;
  }

  /** What is checked out where one stands; empty if nothing was committed. */
  static Optional<Commit> head(Path where) throws IOException {
    try (Repository repository =
        new FileRepositoryBuilder().findGitDir(where.toFile()).setMustExist(true).build()) {
      ObjectId head = repository.resolve(Constants.HEAD);
      String directory = repository.getDirectory().toPath().toRealPath().toString();
      return Optional.ofNullable(head).map(id -> new Commit(directory, id.name()));
    }
  }

  /** The files of a commit; empty if it is not there, as on another machine. */
  static Optional<GitFiles> of(Commit commit) throws IOException {
    Path directory = Path.of(commit.directory());
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    Repository repository =
        new FileRepositoryBuilder().setGitDir(directory.toFile()).setMustExist(true).build();
    try (RevWalk walk = new RevWalk(repository)) {
      RevTree tree = walk.parseCommit(ObjectId.fromString(commit.id())).getTree();
      return Optional.of(new GitFiles(repository, tree));
    } catch (MissingObjectException e) {
      repository.close();
      return Optional.empty();
    }
  }

  /** Every directory that has files, by path; that of the whole is empty. */
  NavigableSet<String> directories() throws IOException {
    NavigableSet<String> directories = new TreeSet<>();
    try (TreeWalk walk = new TreeWalk(repository)) {
      walk.addTree(tree);
      walk.setRecursive(true);
      while (walk.next()) {
        if (isFile(walk.getFileMode())) {
          directories.add(parent(walk.getPathString()));
        }
      }
    }
    return directories;
  }

  /**
   * How much is written in which language in a directory.
   *
   * @param deep also in what is below it
   */
  Map<String, Figures> measure(String directory, boolean deep) throws IOException {
    Map<String, Figures> languages = new TreeMap<>();
    try (TreeWalk walk = new TreeWalk(repository)) {
      walk.addTree(directory.isEmpty() ? tree : subtree(directory));
      walk.setRecursive(deep);
      while (walk.next()) {
        if (isFile(walk.getFileMode())) {
          Figures file = figures(repository.open(walk.getObjectId(0), Constants.OBJ_BLOB));
          languages.merge(Language.of(walk.getNameString()), file, Figures::plus);
        }
      }
    }
    return languages;
  }

  private ObjectId subtree(String directory) throws IOException {
    try (TreeWalk found = TreeWalk.forPath(repository, directory, tree)) {
      if (found == null) {
        throw new IOException("There is no directory " + directory);
      }
      return found.getObjectId(0);
    }
  }

  private static Figures figures(ObjectLoader file) throws IOException {
    try (InputStream content = file.openStream()) {
      byte[] chunk = new byte[CHUNK];
      int read = content.readNBytes(chunk, 0, CHUNK);
      if (RawText.isBinary(chunk, read)) {
        return new Figures(1, 0, file.getSize());
      }
      long lines = 0;
      byte last = '\n';
      while (read > 0) {
        lines += ends(chunk, read);
        last = chunk[read - 1];
        read = content.readNBytes(chunk, 0, CHUNK);
      }
      return new Figures(1, last == '\n' ? lines : lines + 1, file.getSize());
    }
  }

  private static int ends(byte[] chunk, int length) {
    int ends = 0;
    for (int i = 0; i < length; i++) {
      ends += chunk[i] == '\n' ? 1 : 0;
    }
    return ends;
  }

  private static boolean isFile(FileMode mode) {
    return mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE);
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  @Override
  public void close() {
    repository.close();
  }
}
