package dev.plinth.benchmarks.task;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Runs the worker of one candidate in a JVM of its own until standard input ends, and prints for
 * every job its number and the microsecond at which it began.
 */
public final class WorkerMain {

  static final String READY = "ready";

  private WorkerMain() {}

  /** Takes the name of a candidate and the JDBC URL of its database. */
  public static void main(String[] arguments) throws SQLException, IOException {
    try (Contender contender = Candidate.valueOf(arguments[0]).open(arguments[1])) {
      contender.start(
          number -> {
            long began = micros();
            System.out.println(number + " " + began);
          });
      System.out.println(READY);
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /** Of the clock that all processes of this machine share. */
  static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
