package dev.plinth.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A PostgreSQL server of one's own: started from the binaries on the class path, on a free loopback
 * port, with an empty cluster that is deleted on {@link #close()} or when the JVM ends.
 *
 * <p>Starts as an ordinary user, as root through {@code unshare}, and as root where {@code unshare}
 * is forbidden through {@code setpriv}. Not durable ({@code fsync} is off): never put data here
 * that you want to keep.
 */
public final class EmbeddedServer implements AutoCloseable {

  /** The superuser of the cluster; it needs no password. */
  public static final String SUPERUSER = "postgres";

  private static final Duration STARTUP_LIMIT = Duration.ofSeconds(60);
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final long ENOUGH_MEMORY = 2L << 30;
  private static final String WORKING_DIRECTORY = "ot.epg.working-dir";

  private final EmbeddedPostgres server;
  private final Postmaster postmaster;

  private EmbeddedServer(EmbeddedPostgres server, Path data) {
    this.server = server;
    this.postmaster = new Postmaster(data);
  }

  /** Starts a server with PostgreSQL's own settings, save durability. */
  public static EmbeddedServer start() {
    return start(Map.of());
  }

  /**
   * Starts a server.
   *
   * @param settings what would stand in {@code postgresql.conf}
   * @throws IllegalStateException if this user may not run PostgreSQL and no way round was found
   * @throws UncheckedIOException if the server does not answer within a minute
   */
  public static EmbeddedServer start(Map<String, String> settings) {
    Path home = own(temporary());
    Path clusters = own(memory().orElse(temporary()));
    EmbeddedPostgres.Builder builder = builder(home, clusters);
    settings.forEach(builder::setServerConfig);
    try {
      Path data = clusters.resolve("data-" + UUID.randomUUID());
      if (UnprivilegedLauncher.isNeeded()) {
        builder.setPgBinaryResolver(new UnprivilegedLauncher(home));
        UnprivilegedLauncher.giveAway(Files.createDirectory(data));
      }
      EmbeddedServer started = new EmbeddedServer(builder.setDataDirectory(data).start(), data);
      restrict(home);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL did not start", e);
    }
  }

  /** The JDBC URL of a database of this server for one of its logins; every login is trusted. */
  public String url(String database, String user) {
    return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database + "?user=" + user;
  }

  /** The TCP port on the loopback interface. */
  public int port() {
    return server.getPort();
  }

  /**
   * Kills every process of the server at once. What was committed is there after {@link #restart()}
   * and nothing else is: that {@code fsync} is off loses data only where the machine goes down,
   * too.
   *
   * @throws UncheckedIOException if the server is not running
   */
  public void kill() {
    try {
      postmaster.kill();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL could not be killed", e);
    }
  }

  /**
   * Starts the server again, on the same data and the same port; stops it before, if it is running.
   *
   * @throws UncheckedIOException if it does not answer within a minute
   */
  public void restart() {
    try {
      postmaster.start();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL did not start again", e);
    }
  }

  /** Stops the server and deletes its cluster; does nothing the second time. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL did not stop", e);
    }
  }

  private static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** Where files are memory, if there is enough of it: databases are made ten times as fast. */
  private static Optional<Path> memory() {
    return Optional.of(SHARED_MEMORY)
        .filter(Files::isWritable)
        .filter(directory -> directory.toFile().getUsableSpace() >= ENOUGH_MEMORY);
  }

  /** One directory per user: what root unpacked, an ordinary user could not write to. */
  private static Path own(Path parent) {
    String user = System.getProperty("user.name", "unknown").replaceAll("[^A-Za-z0-9._-]", "_");
    Path own = parent.resolve("plinth-embedded-" + user);
    try {
      Files.createDirectories(own);
      requireOwn(own);
      return own;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create " + own, e);
    }
  }

  /** Programs are unpacked here and run: it must not be a trap that somebody else laid. */
  private static void requireOwn(Path home) throws IOException {
    Path self = Path.of("/proc/self");
    if (Files.exists(self)
        && !Files.getAttribute(home, "unix:uid").equals(Files.getAttribute(self, "unix:uid"))) {
      throw new IllegalStateException(home + " belongs to somebody else: remove it");
    }
  }

  /** The library lets everybody write there. */
  private static void restrict(Path home) throws IOException {
    if (home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** The library removes from its working directory the clusters of processes that were killed. */
  private static EmbeddedPostgres.Builder builder(Path home, Path clusters) {
    if (System.getProperty(WORKING_DIRECTORY) == null) {
      System.setProperty(WORKING_DIRECTORY, clusters.toString());
    }
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(home.toFile())
        .setPGStartupWait(STARTUP_LIMIT)
        .setLocaleConfig("locale", "C")
        .setServerConfig("fsync", "off")
        // The library switches it off: what was committed would be lost when the server is killed.
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "off");
  }
}
