package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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

/** A page of 100 rows out of the middle of a million; beside the same page by JDBC. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class PageOfMillion {

  private static final int ROWS = 1_000_000;
  private static final int LIMIT = 100;

  /** Without triggers and foreign keys, so that it takes seconds. */
  private static final String FILL =
      """
      SET session_replication_role = replica;
      INSERT INTO plinth_base.notifications (organization_id, user_id, type, title)
      SELECT '%s', '%s', 'news', 'News ' || i FROM generate_series(1, %d) AS i;
      VACUUM ANALYZE plinth_base.notifications;
      """;

  private static final String MIDDLE =
      "SELECT id FROM plinth_base.notifications ORDER BY id OFFSET ? LIMIT 1";

  private static final String PAGE =
      "SELECT organization_id, id, user_id, type, title, message, subject_type, subject_id, dedup_key, read_at,"
          + " created_at, updated_at, version FROM plinth_base.notifications"
          + " WHERE organization_id = ? AND user_id = ? AND ((read_at IS NULL), id) < (true, ?)"
          + " ORDER BY (read_at IS NULL) DESC, id DESC LIMIT 101";

  private final TestDatabase database = TestServer.shared().migrated(List.of());
  private final DataSource pool = database.host();
  private final Plinth plinth = Plinth.builder().dataSource(pool).build();
  private BenchmarkTenant tenant = new BenchmarkTenant(new UUID(0, 0), new UUID(0, 0));
  private UUID middle = new UUID(0, 0);
  private PageRequest request = PageRequest.first(LIMIT);

  /** A million notifications of one user, and a cursor to their middle. */
  @Setup
  public void fill() throws SQLException {
    tenant = BenchmarkTenant.in(plinth);
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        PreparedStatement query = connection.prepareStatement(MIDDLE)) {
      for (String step :
          FILL.formatted(tenant.organization(), tenant.user(), ROWS).split(";\n", -1)) {
        statement.execute(step);
      }
      query.setInt(1, ROWS / 2);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        middle = row.getObject(1, UUID.class);
      }
    }
    request = PageRequest.after(walkTo(middle), LIMIT);
  }

  /** The cursor behind a row, as a reader who pages on gets it. */
  private String walkTo(UUID row) {
    PageRequest next = PageRequest.first(PageRequest.MAX_LIMIT);
    while (true) {
      PageRequest asked = next;
      Page<Notification> page =
          plinth
              .as(tenant.organization(), tenant.user())
              .read(tx -> plinth.notifications().list(tx, asked));
      String cursor = page.next().orElseThrow();
      if (page.items().get(page.items().size() - 1).id().compareTo(row) <= 0) {
        return cursor;
      }
      next = PageRequest.after(cursor, PageRequest.MAX_LIMIT);
    }
  }

  /** Begin, check of organization and membership, the page as records with its cursor, commit. */
  @Benchmark
  public Page<Notification> plinth() {
    return plinth
        .as(tenant.organization(), tenant.user())
        .read(tx -> plinth.notifications().list(tx, request));
  }

  /** Begin, settings and role, the same statement, the same values, commit. */
  @Benchmark
  public List<Object[]> jdbc() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      tenant.enter(connection);
      List<Object[]> rows = page(connection);
      connection.commit();
      connection.setAutoCommit(true);
      return rows;
    }
  }

  private List<Object[]> page(Connection connection) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(PAGE)) {
      query.setObject(1, tenant.organization());
      query.setObject(2, tenant.user());
      query.setObject(3, middle);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rows.add(values(row));
        }
      }
    }
    return rows;
  }

  private static Object[] values(ResultSet row) throws SQLException {
    return new Object[] {
      row.getObject(1, UUID.class),
      row.getObject(2, UUID.class),
      row.getObject(3, UUID.class),
      row.getString(4),
      row.getString(5),
      row.getString(6),
      row.getString(7),
      row.getObject(8, UUID.class),
      row.getString(9),
      row.getObject(10, OffsetDateTime.class),
      row.getObject(11, OffsetDateTime.class),
      row.getObject(12, OffsetDateTime.class),
      row.getInt(13)
    };
  }

  /** Leaves nothing behind. */
  @TearDown
  public void drop() {
    database.close();
  }
}
