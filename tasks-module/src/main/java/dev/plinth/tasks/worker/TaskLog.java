package dev.plinth.tasks.worker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * What a handler says while it works, kept with the task's history; thread-safe. Lines are written
 * from time to time and at the end, as long as the worker holds the task. Of a message the first
 * {@value #MESSAGE_LENGTH} characters are kept, of an attempt the first {@value #MAX_CHARACTERS}
 * characters and {@value #MAX_LINES} lines, and then one line that says how many were left out.
 */
public final class TaskLog {

  /** How much of one message is kept. */
  public static final int MESSAGE_LENGTH = 4000;

  /** How much of an attempt is kept, in characters. */
  public static final int MAX_CHARACTERS = 1_000_000;

  /** How much of an attempt is kept, in lines. */
  public static final int MAX_LINES = 10_000;

  private final LongFunction<Instant> clock;
  private List<LogLine> lines = new ArrayList<>();
  private int written;
  private long characters;
  private long leftOut;
  private boolean closing;

  TaskLog(LongFunction<Instant> clock) {
    this.clock = clock;
  }

  /** For who looks into it. */
  public void debug(String message) {
    add("debug", message);
  }

  /** What happens. */
  public void info(String message) {
    add("info", message);
  }

  /** What may be wrong. */
  public void warn(String message) {
    add("warn", message);
  }

  /** What is wrong. */
  public void error(String message) {
    add("error", message);
  }

  private synchronized void add(String level, String message) {
    String kept = Failure.cut(message, MESSAGE_LENGTH);
    if (leftOut > 0 || written == MAX_LINES || characters + kept.length() > MAX_CHARACTERS) {
      leftOut++;
      return;
    }
    characters += kept.length();
    lines.add(new LogLine(++written, level, kept, clock.apply(System.nanoTime())));
  }

  /** What was not written yet; nothing once {@link #last} was asked. */
  synchronized List<LogLine> take() {
    if (closing) {
      return List.of();
    }
    List<LogLine> taken = lines;
    lines = new ArrayList<>();
    return taken;
  }

  /** Puts back what could not be written. */
  synchronized void putBack(List<LogLine> taken) {
    List<LogLine> all = new ArrayList<>(taken);
    all.addAll(lines);
    lines = all;
  }

  /** What was not written yet, to be written with the end; the same when it is asked again. */
  synchronized List<LogLine> last() {
    closing = true;
    if (leftOut > 0) {
      String message = leftOut + " lines were left out: an attempt keeps no more";
      lines.add(new LogLine(++written, "warn", message, clock.apply(System.nanoTime())));
      leftOut = 0;
    }
    return List.copyOf(lines);
  }

  /** It was not the end after all. */
  synchronized void reopen() {
    closing = false;
  }

  synchronized boolean hasLines() {
    return !closing && !lines.isEmpty();
  }
}
