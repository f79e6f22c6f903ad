package dev.plinth.host.crash;

import dev.plinth.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A worker in a process of its own, that a test kills, pauses and listens to. */
public final class WorkerProcess implements AutoCloseable {

  static final String BEGUN = "begun";

  private final Process process;
  private final Writer commands;
  private final List<Attempted> begun = new ArrayList<>();
  private final List<String> said = new ArrayList<>();

  /** An attempt whose handler was called. */
  record Attempted(UUID task, int attempt) {}

  private WorkerProcess(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "worker-process");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts one; it begins to work as soon as it can. */
  public static WorkerProcess start(String name, String url, Duration takeover) {
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            System.getProperty("java.class.path"),
            WorkerMain.class.getName(),
            name,
            url,
            String.valueOf(takeover.toMillis()));
    try {
      return new WorkerProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(this::heard);
    } catch (IOException | UncheckedIOException e) {
      // It was killed in the middle of a line.
    }
  }

  private synchronized void heard(String line) {
    String[] words = line.split(" ", -1);
    if (words.length == 3 && words[0].equals(BEGUN)) {
      begun.add(new Attempted(UUID.fromString(words[1]), Integer.parseInt(words[2])));
    } else {
      said.add(line);
    }
  }

  synchronized List<Attempted> begun() {
    return List.copyOf(begun);
  }

  private synchronized int begunCount() {
    return begun.size();
  }

  private synchronized boolean hasSaid(String line) {
    return said.contains(line);
  }

  /** Waits until it said something. */
  public void await(String line) {
    Eventually.is("worker says " + line, () -> hasSaid(line));
  }

  /** Waits until it called so many handlers. */
  void awaitBegun(int count) {
    Eventually.is(count + " handlers called", () -> begunCount() >= count);
  }

  /** Lets so many handlers through the gate. */
  void open(int handlers) throws IOException {
    commands.write(handlers + "\n");
    commands.flush();
  }

  void pause() throws Exception {
    signal("-STOP");
  }

  void goOn() throws Exception {
    signal("-CONT");
  }

  private void signal(String signal) throws Exception {
    int code = new ProcessBuilder("kill", signal, String.valueOf(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IOException("kill " + signal + " failed");
    }
  }

  /** Ends it by SIGKILL, and returns when it is gone. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
