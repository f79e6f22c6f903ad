package dev.plinth.benchmarks.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** A second JVM with the same class path that runs a candidate's worker, and what it reports. */
final class WorkerProcess implements AutoCloseable {

  private static final long LIMIT_SECONDS = 120;

  private final Process process;
  private final AtomicLongArray began;
  private final CountDownLatch all;

  private WorkerProcess(Process process, int jobs) {
    this.process = process;
    this.began = new AtomicLongArray(jobs);
    this.all = new CountDownLatch(jobs);
  }

  /** Starts it, and returns when it looks for jobs. */
  static WorkerProcess start(Candidate candidate, String url, int jobs) throws IOException {
    List<String> command =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.jooq.no-logo=true",
            "-Dorg.jooq.no-tips=true",
            "-classpath",
            System.getProperty("java.class.path"),
            WorkerMain.class.getName(),
            candidate.name(),
            url);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    WorkerProcess worker = new WorkerProcess(process, jobs);
    worker.listen(process.inputReader(StandardCharsets.UTF_8));
    return worker;
  }

  private void listen(BufferedReader reports) throws IOException {
    if (!WorkerMain.READY.equals(reports.readLine())) {
      process.destroy();
      throw new IllegalStateException("The worker did not start");
    }
    Thread reader = new Thread(() -> read(reports), "worker-reports");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(BufferedReader reports) {
    try (reports) {
      for (String line = reports.readLine(); line != null; line = reports.readLine()) {
        int space = line.indexOf(' ');
        began.set(
            Integer.parseInt(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
        all.countDown();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until all jobs have begun. */
  void await() throws InterruptedException {
    if (!all.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(all.getCount() + " jobs did not begin");
    }
  }

  /** The microsecond at which a job began. */
  long began(int number) {
    return began.get(number);
  }

  /** Lets it close its connections, and waits for its end. */
  @Override
  public void close() throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
