package dev.plinth.base.tenancy;

import dev.plinth.base.telemetry.TelemetryGuard;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs statements that took too long, with their text and never with a value. Where no threshold is
 * set, statements are handed on as they are.
 */
final class SlowStatements {

  private static final Logger LOG = LoggerFactory.getLogger("dev.plinth.slow-query");

  private final @Nullable Duration threshold;
  private final TelemetryGuard telemetry;

  SlowStatements(@Nullable Duration threshold, TelemetryGuard telemetry) {
    this.threshold = threshold;
    this.telemetry = telemetry;
  }

  /**
   * The statement, timed.
   *
   * @param type the interface of JDBC's that it is used by
   * @param sql its text, or an empty string if that comes when it is executed
   */
  <S extends Statement> S watched(Class<S> type, S statement, String sql) {
    if (threshold == null) {
      return statement;
    }
    return type.cast(
        Proxy.newProxyInstance(
            SlowStatements.class.getClassLoader(),
            new Class<?>[] {type},
            new Stopwatch(statement, sql, threshold)));
  }

  private void report(String sql, Duration took) {
    LOG.warn("{} ms: {}", took.toMillis(), SqlText.withoutValues(sql));
    telemetry.slow(took);
  }

  /** Times what is called execute…, and remembers the texts of a batch. */
  private final class Stopwatch implements InvocationHandler {

    private final Statement statement;
    private final Duration threshold;
    private String sql;

    Stopwatch(Statement statement, String sql, Duration threshold) {
      this.statement = statement;
      this.sql = sql;
      this.threshold = threshold;
    }

    @Override
    public @Nullable Object invoke(
        Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
      if (arguments != null && arguments.length > 0 && arguments[0] instanceof String text) {
        sql =
            method.getName().startsWith("execute") || method.getName().equals("addBatch")
                ? text
                : sql;
      }
      return method.getName().startsWith("execute")
          ? timed(method, arguments)
          : called(method, arguments);
    }

    private @Nullable Object timed(Method method, @Nullable Object @Nullable [] arguments)
        throws Throwable {
      long begun = System.nanoTime();
      try {
        return called(method, arguments);
      } finally {
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        if (took.compareTo(threshold) >= 0) {
          report(sql, took);
        }
      }
    }

    private @Nullable Object called(Method method, @Nullable Object @Nullable [] arguments)
        throws Throwable {
      try {
        return method.invoke(statement, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause() == null ? e : e.getCause();
      }
    }
  }
}
