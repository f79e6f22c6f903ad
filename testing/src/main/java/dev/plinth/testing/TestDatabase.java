package dev.plinth.testing;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A database of a test, reached as each of the three logins. */
public final class TestDatabase implements AutoCloseable {

  private final TestServer server;
  private final String name;
  private final List<HikariDataSource> pools = new ArrayList<>();
  private @Nullable DataSource host;

  TestDatabase(TestServer server, String name) {
    this.server = server;
    this.name = name;
  }

  /** The name of the database. */
  public String name() {
    return name;
  }

  /** As a superuser, whom no policy binds: for looking behind the scenes. Not pooled. */
  public DataSource superuser() {
    return server.login(name, null);
  }

  /** As the owner of the schemas, who is no superuser. Not pooled. */
  public DataSource owner() {
    return server.login(name, TestServer.OWNER);
  }

  /** The pool of the host's login, which was only granted the roles. */
  public synchronized DataSource host() {
    if (host == null) {
      host = pool(TestServer.HOST);
    }
    return host;
  }

  /** A pool of the superuser, for what a host does wrong. */
  public DataSource superuserPool() {
    return pool(null);
  }

  /** A pool of the owner. */
  public DataSource ownerPool() {
    return pool(TestServer.OWNER);
  }

  /** The JDBC URL of the host's login, with its password. */
  public String hostUrl() {
    return server.url(name, TestServer.HOST);
  }

  /** The JDBC URL of the owner, with its password. */
  public String ownerUrl() {
    return server.url(name, TestServer.OWNER);
  }

  /** The JDBC URL of the superuser. */
  public String superuserUrl() {
    return server.url(name, null);
  }

  private synchronized DataSource pool(@Nullable String login) {
    HikariDataSource pool = server.pool(name, login);
    pools.add(pool);
    return pool;
  }

  /** Closes the pools and drops the database. */
  @Override
  public synchronized void close() {
    pools.forEach(HikariDataSource::close);
    server.drop(name);
  }
}
