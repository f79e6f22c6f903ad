package dev.plinth.base.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A host's line to its database: counts the connections that it lends, and can be cut or hang. */
final class Line {

  private final DataSource beyond;
  private final AtomicInteger loans = new AtomicInteger();
  private volatile boolean cut;
  private volatile CountDownLatch open = new CountDownLatch(0);

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

  /** From now on whoever asks for a connection waits until it is mended. */
  void hang() {
    open = new CountDownLatch(1);
  }

  void mend() {
    cut = false;
    open.countDown();
  }

  private Object pass(Method method, Object[] arguments) throws Throwable {
    open.await();
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
