package dev.plinth.embedded;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The processes of a server, found by what it writes into its data directory. */
final class Postmaster {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path data;

  Postmaster(Path data) {
    this.data = data;
  }

  /** Ends all of them by SIGKILL, and returns when they are gone: until then none could start. */
  void kill() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    List<ProcessHandle> processes =
        ProcessHandle.of(pid).stream()
            .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
            .toList();
    processes.forEach(ProcessHandle::destroyForcibly);
    processes.forEach(
        process -> process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join());
  }

  /** As the library started it: the server itself has written down how. */
  void start() throws IOException {
    List<String> command = new ArrayList<>();
    if (LinuxUtils.isUnshareAvailable()) {
      command.addAll(List.of("unshare", "-U"));
    }
    String limit = String.valueOf(LIMIT.toSeconds());
    command.addAll(
        List.of(program(), "-D", data.toString(), "-m", "fast", "-w", "-t", limit, "restart"));
    // The server inherits the output of pg_ctl: a pipe would be open for as long as it runs.
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (ended(process) != 0) {
      throw new IOException("pg_ctl restart failed on " + data);
    }
  }

  private String program() throws IOException {
    String options = Files.readString(data.resolve("postmaster.opts"));
    Path postgres = Path.of(options.substring(0, options.indexOf(" \"")));
    return postgres.resolveSibling("pg_ctl").toString();
  }

  private static int ended(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the server started", e);
    }
  }
}
