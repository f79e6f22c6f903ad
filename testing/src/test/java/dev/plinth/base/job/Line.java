package dev.plinth.base.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A host's line to its database: counts the connections that it lends, and can be cut. */
final class Line {

  private final DataSource beyond;
  private final AtomicInteger loans = new AtomicInteger();
  private volatile boolean cut;

  Line(DataSource beyond) {
    this.beyond = beyond;
  }

  DataSource dataSource() {
    return (DataSource)
        Proxy.newProxyInstance(
            Line.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> pass(method, arguments));
  }

  int loans() {
    return loans.get();
  }

  void cut() {
    cut = true;
  }

  void mend() {
    cut = false;
  }

  private Object pass(Method method, Object[] arguments) throws Throwable {
    if (cut) {
      throw new SQLException("the line is cut", "08001");
    }
    loans.incrementAndGet();
    try {
      return method.invoke(beyond, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
