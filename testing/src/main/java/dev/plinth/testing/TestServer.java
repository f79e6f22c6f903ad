package dev.plinth.testing;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.base.module.PlinthModule;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The PostgreSQL that the tests of this JVM run on, started when first asked for. Which one, the
 * first that applies:
 *
 * <ol>
 *   <li>a running server, if the system property {@code plinth.test.url} or the environment
 *       variable {@code PLINTH_TEST_URL} is the JDBC URL of a superuser;
 *   <li>a container, if {@code plinth.test.database} is {@code testcontainers};
 *   <li>embedded binaries, otherwise.
 * </ol>
 *
 * <p>Three logins are there: a superuser, an owner who is none and makes schemas and roles, and the
 * host's, NOINHERIT, that was only granted the roles.
 */
public final class TestServer {

  static final String OWNER = "plinth_test_owner";
  static final String HOST = "plinth_test_host";
  static final String PASSWORD = "plinth";

  /** Neither the zone of any JVM here nor UTC: nothing may depend on the session's zone. */
  static final String SESSION_ZONE = "Asia/Kathmandu";

  private static final int POOL_SIZE = 12;

  /** Any number, the same in every JVM: "test" in ASCII. */
  private static final long LOCK = 0x74657374L;

  /** On this thread-safe holder the first caller starts the server. */
  private static final class Shared {
    private static final TestServer INSTANCE = new TestServer(ServerSource.chosen().superuser());
  }

  private final PGSimpleDataSource superuser;
  private final Map<String, String> templates = new ConcurrentHashMap<>();
  private final AtomicInteger counter = new AtomicInteger();
  private final String run = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

  private TestServer(PGSimpleDataSource superuser) {
    this.superuser = superuser;
    adoptRoles();
    Runtime.getRuntime().addShutdownHook(new Thread(this::dropTemplates, "plinth-templates"));
  }

  /** Several JVMs may use one server: each has its logins made and its roles granted in turn. */
  private void adoptRoles() {
    String adopt =
        """
        DO $$
        DECLARE
          login text;
          role_name text;
        BEGIN
          FOREACH login IN ARRAY ARRAY['%1$s', '%2$s'] LOOP
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
              EXECUTE format('CREATE ROLE %%I LOGIN NOINHERIT NOSUPERUSER PASSWORD %%L', login, '%3$s');
            END IF;
          END LOOP;
          ALTER ROLE %1$s CREATEROLE;
          FOR role_name IN SELECT rolname FROM pg_roles WHERE rolname ~ '^plinth.*_(app|reader|system)$' LOOP
            EXECUTE format('GRANT %%I TO %1$s WITH ADMIN OPTION', role_name);
          END LOOP;
        END
        $$
        """;
    alone(
        () -> {
          execute(adopt.formatted(OWNER, HOST, PASSWORD));
          return true;
        });
  }

  /** Does what concerns the whole server while no other JVM does. */
  <T> T alone(Supplier<T> work) {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(" + LOCK + ")");
      return work.get();
    } catch (SQLException e) {
      throw new IllegalStateException("The test server cannot be locked", e);
    }
  }

  /** On a server that outlives this JVM; an embedded one may be gone already, with all of them. */
  private void dropTemplates() {
    for (String template : templates.values()) {
      try {
        drop(template);
      } catch (IllegalStateException e) {
        return;
      }
    }
  }

  /** The server of this JVM. */
  public static TestServer shared() {
    return Shared.INSTANCE;
  }

  /** A database without anything in it. */
  public TestDatabase empty() {
    String name = name("empty");
    execute("CREATE DATABASE " + name + " OWNER " + OWNER);
    return new TestDatabase(this, name);
  }

  /** A database with the schemas of base and of these modules, cloned from a template. */
  public TestDatabase migrated(Collection<? extends PlinthModule> modules) {
    TreeSet<String> names = new TreeSet<>();
    modules.forEach(module -> names.add(module.name()));
    String template =
        templates.computeIfAbsent(String.join("_", names), key -> template(List.copyOf(modules)));
    String name = name("clone");
    execute(
        "CREATE DATABASE %s TEMPLATE %s OWNER %s STRATEGY FILE_COPY"
            .formatted(name, template, OWNER));
    return new TestDatabase(this, name);
  }

  void drop(String database) {
    execute("DROP DATABASE " + database + " WITH (FORCE)");
  }

  DataSource login(String database, @Nullable String user) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(superuser.getServerNames());
    source.setPortNumbers(superuser.getPortNumbers());
    source.setDatabaseName(database);
    source.setUser(user == null ? superuser.getUser() : user);
    source.setPassword(user == null ? superuser.getPassword() : PASSWORD);
    return source;
  }

  HikariDataSource pool(String database, @Nullable String user) {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(login(database, user));
    pool.setMaximumPoolSize(POOL_SIZE);
    pool.setMinimumIdle(0);
    pool.setConnectionInitSql("SET TIME ZONE '" + SESSION_ZONE + "'");
    return pool;
  }

  String url(String database, @Nullable String user) {
    String login = user == null ? Objects.requireNonNull(superuser.getUser()) : user;
    String password = user == null ? superuser.getPassword() : PASSWORD;
    return "jdbc:postgresql://%s:%d/%s?user=%s%s"
        .formatted(
            superuser.getServerNames()[0],
            superuser.getPortNumbers()[0],
            database,
            login,
            password == null ? "" : "&password=" + password);
  }

  private String template(List<PlinthModule> modules) {
    String name = name("template");
    execute("CREATE DATABASE " + name + " OWNER " + OWNER);
    Plinth.builder()
        .dataSource(login(name, HOST))
        .migrationDataSource(login(name, OWNER))
        .modules(modules.toArray(PlinthModule[]::new))
        .build()
        .migrate();
    return name;
  }

  private String name(String kind) {
    return "plinth_" + kind + "_" + run + "_" + counter.incrementAndGet();
  }

  private void execute(String sql) {
    try (Connection connection = superuser.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("The test server refused: " + sql, e);
    }
  }
}
