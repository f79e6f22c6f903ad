package dev.plinth.base.partition;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.impl.DSL;

/**
 * A module's tables: runs by day, their log lines by month, and machines that name their last run.
 */
final class Machines {

  static final String RUNS = "plinth_machines.runs";
  static final String LINES = "plinth_machines.lines";

  private static final String TABLES =
      """
      CREATE SCHEMA plinth_machines;
      GRANT USAGE ON SCHEMA plinth_machines TO PUBLIC;
      CREATE TABLE plinth_machines.runs (
        organization_id uuid NOT NULL, id uuid NOT NULL, started_by uuid, note text NOT NULL DEFAULT 'none',
        words integer GENERATED ALWAYS AS (length(note)) STORED,
        CONSTRAINT runs_id_pk PRIMARY KEY (organization_id, id),
        CONSTRAINT runs_started_by_fk FOREIGN KEY (organization_id, started_by)
          REFERENCES plinth_base.organization_members (organization_id, user_id)
      ) PARTITION BY RANGE (id);
      SELECT plinth_base.protect('plinth_machines.runs', p_app_may => 'INSERT');
      SELECT plinth_base.partition('plinth_machines.runs', 'day', p_ahead => 3, p_keep => '30 days');
      CREATE TABLE plinth_machines.lines (
        organization_id uuid NOT NULL, id uuid NOT NULL, run_id uuid NOT NULL,
        CONSTRAINT lines_id_pk PRIMARY KEY (organization_id, id),
        CONSTRAINT lines_run_fk FOREIGN KEY (organization_id, run_id)
          REFERENCES plinth_machines.runs (organization_id, id)
      ) PARTITION BY RANGE (id);
      SELECT plinth_base.protect('plinth_machines.lines', p_app_may => 'INSERT', p_system_may => 'SELECT, DELETE');
      SELECT plinth_base.partition('plinth_machines.lines', 'month', p_ahead => 1);
      CREATE TABLE plinth_machines.machines (
        organization_id uuid NOT NULL, id uuid NOT NULL DEFAULT plinth_base.uuidv7(), last_run_id uuid,
        CONSTRAINT machines_id_pk PRIMARY KEY (organization_id, id),
        CONSTRAINT machines_last_run_fk FOREIGN KEY (organization_id, last_run_id)
          REFERENCES plinth_machines.runs (organization_id, id)
      );
      SELECT plinth_base.protect('plinth_machines.machines', p_system_may => 'SELECT, UPDATE');
      """;

  /** Until nothing is dropped, as the job does it. */
  static List<PartitionChange> dropExpired(Plinth plinth) {
    List<PartitionChange> all = new ArrayList<>();
    List<PartitionChange> last;
    do {
      last = plinth.asSystem("retention").call(tx -> plinth.partitions().dropExpired(tx));
      all.addAll(last);
    } while (last.stream().anyMatch(change -> change.outcome() == PartitionOutcome.DROPPED));
    return all;
  }

  private final TestDatabase database;

  private final DataSource owner;

  private Machines(TestDatabase database, DataSource owner) {
    this.database = database;
    this.owner = owner;
  }

  /** Makes the tables as a migration would: as the owner of all the others. */
  static Machines make(TestDatabase database, DataSource owner) {
    Machines machines = new Machines(database, owner);
    machines.asOwner(TABLES);
    return machines;
  }

  void drop() {
    asOwner(
        "SELECT plinth_base.unpartition('plinth_machines.runs'), plinth_base.unpartition('plinth_machines.lines');"
            + " DROP SCHEMA plinth_machines CASCADE");
  }

  void asOwner(String sql) {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** A run at a time, with a line of its log, and a machine that names it. */
  UUID run(TenantTx tx, UUID user, Instant at) {
    UUID id = idAt(at);
    tx.dsl()
        .execute(
            "INSERT INTO plinth_machines.runs (organization_id, id, started_by) VALUES (?, ?, ?)",
            tx.organizationId(),
            id,
            user);
    tx.dsl()
        .execute(
            "INSERT INTO plinth_machines.lines VALUES (?, ?, ?)",
            tx.organizationId(),
            idAt(at),
            id);
    tx.dsl()
        .execute(
            "INSERT INTO plinth_machines.machines (organization_id, last_run_id) VALUES (?, ?)",
            tx.organizationId(),
            id);
    return id;
  }

  UUID run(Plinth plinth, Member member, Instant at) {
    return plinth.as(member).call(tx -> run(tx, member.userId(), at));
  }

  /** How many rows each partition has that has any, as a superuser sees it. */
  Map<String, Integer> filled(String table) {
    return look(
        "SELECT tableoid::regclass::text, count(*)::int FROM " + table + " GROUP BY 1 ORDER BY 1");
  }

  /** The first column and a number. */
  Map<String, Integer> look(String sql) {
    try (Connection connection = database.superuser().getConnection()) {
      return DSL.using(connection)
          .fetch(sql)
          .intoMap(row -> row.get(0, String.class), row -> row.get(1, Integer.class));
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  int count(String rows) {
    return look("SELECT 'rows', count(*)::int FROM " + rows).getOrDefault("rows", 0);
  }

  /** The partitions of a table. */
  List<String> partitions(String table) {
    return List.copyOf(
        look("SELECT inhrelid::regclass::text, 1 FROM pg_inherits WHERE inhparent = '"
                + table
                + "'::regclass ORDER BY 1")
            .keySet());
  }

  private static UUID idAt(Instant time) {
    UUID random = UUID.randomUUID();
    return new UUID(
        time.toEpochMilli() << 16 | 0x7000 | random.getMostSignificantBits() & 0xfff,
        random.getLeastSignificantBits());
  }
}
