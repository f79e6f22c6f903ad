package dev.plinth.host;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.URIish;

/**
 * What the host itself reads of a git repository.
 *
 * @param directory where to look for branches
 * @param identity by which it is known: where it was cloned from, else where it is
 * @param url where it was cloned from, if it was
 * @param people who wrote its latest commits, the most recent first
 * @param changes what was done in it, and what is being done
 */
record GitCheckout(
    Path directory,
    String identity,
    Optional<String> url,
    String name,
    List<Person> people,
    GitChanges changes) {

  private static final int COMMITS_READ = 500;
  private static final int PEOPLE_KEPT = 8;
  private static final int NAME_LENGTH = 100;

  /** Someone with an address that can be told apart. */
  record Person(String name, String email) {}

  static GitCheckout at(Path where) throws IOException {
    FileRepositoryBuilder builder =
        new FileRepositoryBuilder().findGitDir(where.toAbsolutePath().normalize().toFile());
    if (!Files.isDirectory(where) || builder.getGitDir() == null) {
      throw new InvalidValueException(
          "--repository",
          "must be a directory in a git repository, and "
              + where.toAbsolutePath().normalize()
              + " is none: run plinth inside a clone, or name one");
    }
    try (Repository repository = opened(builder)) {
      Optional<String> origin = origin(repository.getConfig());
      Path root =
          repository.isBare()
              ? repository.getDirectory().toPath()
              : repository.getWorkTree().toPath();
      return new GitCheckout(
          where.toAbsolutePath().normalize(),
          origin.orElse("file://" + root.toRealPath()),
          origin,
          name(origin.orElse(root.toString())),
          people(repository),
          GitChanges.of(repository));
    }
  }

  private static Repository opened(FileRepositoryBuilder builder) throws IOException {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          "--repository", "cannot be read: " + String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> origin(Config config) {
    String configured = config.getString("remote", "origin", "url");
    if (configured == null) {
      return Optional.empty();
    }
    try {
      URIish uri = new URIish(configured).setPass(null);
      boolean remote = uri.getHost() != null;
      boolean scpLike = uri.getScheme() == null;
      return remote
          ? Optional.of((scpLike ? uri : uri.setUser(null)).toString())
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String name(String place) {
    String last = place.replaceAll("[/\\\\]+$", "").replaceFirst("^.*[/\\\\:]", "");
    String name = last.replaceFirst("\\.git$", "");
    return name.isBlank() ? "repository" : name;
  }

  private static List<Person> people(Repository repository) throws IOException {
    Map<String, Person> byEmail = new LinkedHashMap<>();
    ObjectId head = repository.resolve(Constants.HEAD);
    if (head == null) {
      return List.of();
    }
    try (RevWalk walk = new RevWalk(repository)) {
      walk.markStart(walk.parseCommit(head));
      RevCommit commit = walk.next();
      for (int read = 0; commit != null && read < COMMITS_READ; read++) {
        person(commit.getAuthorIdent()).ifPresent(p -> byEmail.putIfAbsent(p.email(), p));
        commit = walk.next();
      }
    } catch (MissingObjectException e) {
      // a shallow clone ends here: who is known so far is who is known
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return byEmail.values().stream().limit(PEOPLE_KEPT).toList();
  }

  private static Optional<Person> person(PersonIdent author) {
    try {
      String email = Require.email("email", author.getEmailAddress().strip());
      String name = author.getName().isBlank() ? "unknown" : author.getName().strip();
      String shortened = name.substring(0, Math.min(NAME_LENGTH, name.length()));
      return email == null
          ? Optional.empty()
          : Optional.of(new Person(shortened, email.toLowerCase(Locale.ROOT)));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }
}
