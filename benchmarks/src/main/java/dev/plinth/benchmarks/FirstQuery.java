package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From {@code build()} to the first row, in a JVM that has done neither before; beside the first
 * row by JDBC. Both on a fresh connection, once a JVM.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(10)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class FirstQuery {

  /** An organization, made by another JVM's classes: here only the driver is loaded. */
  @State(Scope.Benchmark)
  public static class Cold {

    private final TestDatabase database = TestServer.shared().migrated(List.of());
    private BenchmarkTenant tenant = new BenchmarkTenant(new UUID(0, 0), new UUID(0, 0));

    /** Makes it by SQL, so that no class of Plinth's or jOOQ's is warm. */
    @Setup
    public void fill() throws SQLException {
      tenant = new BenchmarkTenant(UUID.randomUUID(), UUID.randomUUID());
      try (Connection connection = database.superuser().getConnection();
          PreparedStatement insert =
              connection.prepareStatement(
                  "WITH o AS (INSERT INTO plinth_base.organizations (id, slug, name) VALUES (?, 'acme', 'Acme')),"
                      + " u AS (INSERT INTO plinth_base.users (id, username) VALUES (?, 'Alice'))"
                      + " INSERT INTO plinth_base.organization_members (organization_id, user_id, role, display_name)"
                      + " VALUES (?, ?, 'owner', 'Alice')")) {
        insert.setObject(1, tenant.organization());
        insert.setObject(2, tenant.user());
        insert.setObject(3, tenant.organization());
        insert.setObject(4, tenant.user());
        insert.execute();
      }
    }

    /** Leaves nothing behind. */
    @TearDown
    public void drop() {
      database.close();
    }
  }

  /** Builds a Plinth and reads one member. */
  @Benchmark
  public Member plinth(Cold cold) {
    Plinth plinth = Plinth.builder().dataSource(cold.database.superuser()).build();
    return plinth
        .as(cold.tenant.organization(), cold.tenant.user())
        .read(tx -> plinth.members().get(tx, cold.tenant.user()));
  }

  /** Reads one member by hand. */
  @Benchmark
  public String jdbc(Cold cold) throws SQLException {
    try (Connection connection = cold.database.superuser().getConnection()) {
      connection.setAutoCommit(false);
      cold.tenant.enter(connection);
      try (PreparedStatement query = connection.prepareStatement(TenantRead.BY_KEY)) {
        query.setObject(1, cold.tenant.organization());
        query.setObject(2, cold.tenant.user());
        try (ResultSet row = query.executeQuery()) {
          row.next();
          String name = row.getString("display_name");
          connection.commit();
          return name;
        }
      }
    }
  }
}
