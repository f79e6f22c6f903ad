package dev.plinth.tasks.worker;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong in an attempt, as it is stored.
 *
 * @param type the class of the exception, or what the engine calls it
 * @param trace where it came from, or null
 */
record Failure(String type, String message, @Nullable String trace) {

  private static final int TYPE_LENGTH = 200;
  private static final int MESSAGE_LENGTH = 2000;
  private static final int TRACE_LENGTH = 10_000;

  /** Cut to what the table holds, and without what PostgreSQL refuses. */
  Failure {
    type = cut(type, TYPE_LENGTH);
    message = cut(message, MESSAGE_LENGTH);
    trace = trace == null ? null : cut(trace, TRACE_LENGTH);
  }

  static Failure of(Throwable thrown) {
    return new Failure(thrown.getClass().getName(), message(thrown), trace(thrown));
  }

  static Failure of(String type, String message) {
    return new Failure(type, message, null);
  }

  /** What a handler throws may throw when it is asked what it is. */
  private static String message(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      return message == null ? "" : message;
    } catch (RuntimeException e) {
      return "";
    }
  }

  private static @Nullable String trace(Throwable thrown) {
    try {
      StringWriter text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text));
      return text.toString();
    } catch (RuntimeException e) {
      return null;
    }
  }

  /** PostgreSQL counts code points and has no character 0; half a pair is no character at all. */
  static String cut(String text, int length) {
    String whole = text.length() <= length ? text : text.substring(0, length);
    if (!whole.isEmpty() && Character.isHighSurrogate(whole.charAt(whole.length() - 1))) {
      whole = whole.substring(0, whole.length() - 1);
    }
    return whole.indexOf(0) < 0 ? whole : whole.replace('\0', '\uFFFD');
  }
}
