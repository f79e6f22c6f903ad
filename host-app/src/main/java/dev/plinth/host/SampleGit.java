package dev.plinth.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;

/** A small git repository in a temporary directory, the same commits every time. */
final class SampleGit implements AutoCloseable {

  private static final Instant BEGIN = Instant.parse("2026-01-05T09:00:00Z");
  private static final PersonIdent ADA =
      new PersonIdent("Ada Lovelace", "ada.lovelace@plinth.example", BEGIN, ZoneOffset.UTC);

  private final Path directory;

  private SampleGit(Path directory) {
    this.directory = directory;
  }

  static SampleGit make() throws IOException, GitAPIException {
    SampleGit sample = new SampleGit(Files.createTempDirectory("plinth-seed"));
    try (Git git =
        Git.init().setDirectory(sample.directory.toFile()).setInitialBranch("main").call()) {
      commit(git, "Compute the trajectory");
      git.checkout().setCreateBranch(true).setName("feature/landing").call();
      commit(git, "Land softly");
    }
    return sample;
  }

  Path directory() {
    return directory;
  }

  private static void commit(Git git, String message) throws GitAPIException {
    git.commit()
        .setMessage(message)
        .setAuthor(ADA)
        .setCommitter(ADA)
        .setSign(false)
        .setAllowEmpty(true)
        .call();
  }

  @Override
  public void close() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
