package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
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

/** One row by its key, in a transaction of a tenant; beside JDBC that does as much by hand. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class TenantRead {

  static final String BY_KEY =
      "SELECT organization_id, id, user_id, role, display_name, avatar_url, left_at, created_at, updated_at, version"
          + " FROM plinth_base.organization_members WHERE organization_id = ? AND user_id = ? AND left_at IS NULL";

  private final TestDatabase database = TestServer.shared().migrated(List.of());
  private final DataSource pool = database.host();
  private final Plinth plinth = Plinth.builder().dataSource(pool).build();
  private UUID organization = new UUID(0, 0);
  private UUID user = new UUID(0, 0);

  /** One organization with its owner. */
  @Setup
  public void fill() {
    Organization acme =
        plinth
            .asSystem("benchmark")
            .call(
                tx -> {
                  User alice = plinth.users().create(tx, NewUser.named("Alice"));
                  user = alice.id();
                  return plinth
                      .organizations()
                      .create(tx, NewOrganization.of("acme", "Acme").ownedBy(alice.id()));
                });
    organization = acme.id();
  }

  /** Begin, check of organization and membership, the row, commit. */
  @Benchmark
  public Member plinth() {
    return plinth.as(organization, user).call(tx -> plinth.members().get(tx, user));
  }

  /** The same by hand, without the check: begin, two settings, role, the row, commit. */
  @Benchmark
  public String jdbc() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement settings =
          connection.prepareStatement(
              "SELECT set_config('plinth.organization_id', ?, true), set_config('plinth.user_id', ?, true),"
                  + " set_config('role', 'plinth_app', true)")) {
        settings.setString(1, organization.toString());
        settings.setString(2, user.toString());
        settings.execute();
      }
      String name;
      try (PreparedStatement query = connection.prepareStatement(BY_KEY)) {
        query.setObject(1, organization);
        query.setObject(2, user);
        try (ResultSet row = query.executeQuery()) {
          row.next();
          name = row.getString("display_name");
        }
      }
      connection.commit();
      connection.setAutoCommit(true);
      return name;
    }
  }

  /** Three round trips with nothing to do: what any transaction costs here. */
  @Benchmark
  public boolean emptyTransaction() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean first = statement.execute("SELECT 1");
      boolean second = statement.execute("SELECT 2");
      connection.commit();
      connection.setAutoCommit(true);
      return first && second;
    }
  }

  /** Leaves nothing behind. */
  @TearDown
  public void drop() {
    database.close();
  }
}
