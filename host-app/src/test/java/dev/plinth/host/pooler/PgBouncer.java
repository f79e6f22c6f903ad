package dev.plinth.host.pooler;

import dev.plinth.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A PgBouncer on loopback in front of a test database: one server connection for all. */
final class PgBouncer implements AutoCloseable {

  /** Since when it keeps track of prepared statements. */
  static final Version TRACKS_STATEMENTS = Version.parse("1.21");

  private static final String PROGRAM = "pgbouncer";
  private static final String ROOT = "root";
  private static final String SCHEME = "jdbc:";
  private static final Pattern LOGIN = Pattern.compile("user=([^&]+)&password=([^&]+)");

  private static final String CONFIGURATION =
      """
      [databases]
      * = host=%s port=%d
      [pgbouncer]
      listen_addr = 127.0.0.1
      listen_port = %d
      unix_socket_dir =
      auth_type = scram-sha-256
      auth_file = %s
      pool_mode = transaction
      default_pool_size = 1
      ignore_startup_parameters = extra_float_digits
      log_connections = 0
      log_disconnections = 0
      %s
      """;

  private final Process process;
  private final URI direct;
  private final int port;

  private PgBouncer(Process process, URI direct, int port) {
    this.process = process;
    this.direct = direct;
    this.port = port;
  }

  /** Which version is installed; empty if none is. */
  static Optional<Version> installed() {
    try {
      Process process = new ProcessBuilder(PROGRAM, "--version").redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Matcher version = Pattern.compile("(?i)pgbouncer (\\d+\\.\\d+)").matcher(said);
      return version.find() ? Optional.of(Version.parse(version.group(1))) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Starts one.
   *
   * @param directory for its files
   * @param settings what the mode under test needs in section {@code [pgbouncer]}
   */
  static PgBouncer inFrontOf(TestDatabase database, Path directory, String settings)
      throws IOException {
    URI direct = URI.create(database.hostUrl().substring(SCHEME.length()));
    int port = freePort();
    Path configuration = write(directory, direct, port, settings);
    Process process = new ProcessBuilder(command(configuration)).redirectErrorStream(true).start();
    awaitUp(process);
    return new PgBouncer(process, direct, port);
  }

  /** The JDBC URL of the host's login, through the pooler. */
  String url() {
    return "%spostgresql://127.0.0.1:%d%s?%s"
        .formatted(SCHEME, port, direct.getPath(), direct.getQuery());
  }

  private static Path write(Path directory, URI direct, int port, String settings)
      throws IOException {
    Matcher login = LOGIN.matcher(direct.getQuery());
    if (!login.matches()) {
      throw new IllegalArgumentException("No login in " + direct);
    }
    Path users =
        Files.writeString(
            directory.resolve("users.txt"),
            "\"%s\" \"%s\"\n".formatted(login.group(1), login.group(2)));
    // Who is not root any more has to read them.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.writeString(
        directory.resolve("pgbouncer.ini"),
        CONFIGURATION.formatted(direct.getHost(), direct.getPort(), port, users, settings));
  }

  /** It refuses to run as root, and steps down by itself if it is told to whom. */
  private static List<String> command(Path configuration) {
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    if (ROOT.equals(System.getProperty("user.name"))) {
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(configuration.toString());
    return command;
  }

  /** Its own word that it listens; what it says afterwards is read away, so that it never waits. */
  private static void awaitUp(Process process) throws IOException {
    BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      said.append(line).append('\n');
      if (line.contains("process up")) {
        Thread reader = new Thread(() -> readAway(process), "pgbouncer-log");
        reader.setDaemon(true);
        reader.start();
        return;
      }
    }
    throw new IOException("PgBouncer did not start:\n" + said);
  }

  private static void readAway(Process process) {
    try {
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // It has ended.
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Ends it at once: it would wait for its clients. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
