package dev.plinth.projects.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.transport.RefSpec;

/** A real git repository for tests, on branch {@code main}. */
public final class TestRepository implements AutoCloseable {

  static final Instant FIRST_COMMIT = Instant.parse("2024-01-02T03:04:05Z");

  private final Git git;
  private int commits;

  private TestRepository(Git git) {
    this.git = git;
  }

  public static TestRepository init(Path directory) {
    return done(
        () ->
            new TestRepository(
                Git.init().setDirectory(directory.toFile()).setInitialBranch("main").call()));
  }

  static TestRepository clone(Path origin, Path directory, int depth) {
    return done(
        () -> {
          var command =
              Git.cloneRepository()
                  .setURI(origin.toUri().toString())
                  .setDirectory(directory.toFile());
          return new TestRepository(depth > 0 ? command.setDepth(depth).call() : command.call());
        });
  }

  static TestRepository cloneBare(Path origin, Path directory) {
    return done(
        () ->
            new TestRepository(
                Git.cloneRepository()
                    .setBare(true)
                    .setURI(origin.toUri().toString())
                    .setDirectory(directory.toFile())
                    .call()));
  }

  Git git() {
    return git;
  }

  Path directory() {
    return git.getRepository().getWorkTree().toPath();
  }

  /** Commits on the branch that is checked out; each is an hour later than the one before. */
  public String commit(String message) {
    Instant time = FIRST_COMMIT.plusSeconds(3600L * commits++);
    PersonIdent ada = new PersonIdent("Ada Lovelace", "ada@example.org", time, ZoneOffset.UTC);
    return done(
        () -> {
          Files.writeString(directory().resolve("file-" + commits), message);
          git.add().addFilepattern(".").call();
          RevCommit commit =
              git.commit()
                  .setMessage(message)
                  .setAuthor(ada)
                  .setCommitter(ada)
                  .setSign(false)
                  .call();
          return commit.getName();
        });
  }

  public void branch(String name) {
    done(() -> git.branchCreate().setName(name).call());
  }

  void checkout(String name) {
    done(() -> git.checkout().setName(name).call());
  }

  void rename(String from, String to) {
    done(() -> git.branchRename().setOldName(from).setNewName(to).call());
  }

  void delete(String name) {
    done(() -> git.branchDelete().setBranchNames(name).setForce(true).call());
  }

  void resetTo(String commit) {
    done(() -> git.reset().setMode(ResetCommand.ResetType.HARD).setRef(commit).call());
  }

  void fetch() {
    done(
        () ->
            git.fetch()
                .setRefSpecs(new RefSpec("+refs/heads/*:refs/remotes/origin/*"))
                .setRemoveDeletedRefs(true)
                .call());
  }

  /** Sets a branch without leaving a trace in a reflog. */
  void point(String branch, String commit) {
    done(
        () -> {
          RefUpdate update = git.getRepository().updateRef("refs/heads/" + branch);
          update.setNewObjectId(ObjectId.fromString(commit));
          update.disableRefLog();
          return update.forceUpdate();
        });
  }

  /** Removes what is in the reflogs of all branches. */
  void forget() {
    done(
        () -> {
          Path logs = git.getRepository().getDirectory().toPath().resolve("logs");
          if (Files.isDirectory(logs)) {
            try (var files = Files.walk(logs)) {
              for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
              }
            }
          }
          return logs;
        });
  }

  @Override
  public void close() {
    git.close();
  }

  private interface Step<T> {
    T take() throws GitAPIException, IOException;
  }

  private static <T> T done(Step<T> step) {
    try {
      return step.take();
    } catch (GitAPIException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
