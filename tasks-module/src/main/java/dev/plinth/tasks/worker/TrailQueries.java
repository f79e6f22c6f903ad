package dev.plinth.tasks.worker;

import dev.plinth.base.tenancy.TenantTx;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes lines and amounts of attempts. Plain statements, always the same text. */
final class TrailQueries {

  private static final String LOG =
      """
      INSERT INTO plinth_tasks.task_execution_logs (organization_id, task_id, attempt, line, level, message, logged_at)
      SELECT ?, l.task_id, l.attempt, l.line, l.level, l.message, l.logged_at
      FROM unnest(?::uuid[], ?::integer[], ?::integer[], ?::text[], ?::text[], ?::timestamptz[])
        AS l (task_id, attempt, line, level, message, logged_at)
      """;

  private static final String USE =
      """
      INSERT INTO plinth_tasks.task_resource_usage (organization_id, task_id, definition_id, attempt, measured_at, wall_ms,
        cpu_ms, cpu_usage_percent, memory_bytes, row_count, token_count, cost)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  /** Measuring is worth a row from here on, also where the handler said nothing. */
  private static final long WORTH_MILLIS = 1000;

  /** A line, and of which attempt. */
  private record Said(Claim claim, LogLine line) {}

  /** Lines and amounts of attempts that ended and are held, in the same transaction. */
  void write(TenantTx tx, List<Ending> held) {
    List<Said> said = new ArrayList<>();
    for (Ending ending : held) {
      ending.trail().log().last().forEach(line -> said.add(new Said(ending.claim(), line)));
    }
    log(tx, said);
    tx.dsl()
        .connection(
            connection -> {
              for (Ending ending : held) {
                use(connection, tx, ending);
              }
            });
  }

  /** Lines of an attempt that goes on; the caller knows that it is held. */
  void write(TenantTx tx, Claim claim, List<LogLine> lines) {
    log(tx, lines.stream().map(line -> new Said(claim, line)).toList());
  }

  private static void log(TenantTx tx, List<Said> said) {
    if (!said.isEmpty()) {
      tx.dsl().connection(connection -> log(connection, tx.organizationId(), said));
    }
  }

  private static void log(Connection connection, UUID organization, List<Said> said)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOG)) {
      statement.setObject(1, organization);
      statement.setArray(2, array(connection, "uuid", said.stream().map(s -> s.claim().id())));
      statement.setArray(
          3, array(connection, "integer", said.stream().map(s -> s.claim().attempt())));
      statement.setArray(
          4, array(connection, "integer", said.stream().map(s -> s.line().number())));
      statement.setArray(5, array(connection, "text", said.stream().map(s -> s.line().level())));
      statement.setArray(6, array(connection, "text", said.stream().map(s -> s.line().message())));
      statement.setArray(
          7, array(connection, "timestamptz", said.stream().map(s -> s.line().at().toString())));
      statement.execute();
    }
  }

  private static java.sql.Array array(
      Connection connection, String type, java.util.stream.Stream<?> values) throws SQLException {
    return connection.createArrayOf(type, values.toArray());
  }

  private static void use(Connection connection, TenantTx tx, Ending ending) throws SQLException {
    TaskConsumption.Said said = ending.trail().usage().said();
    Optional<Trail.Measured> measured = ending.trail().measured();
    if (measured.isEmpty() || !said.anything() && measured.get().wallMillis() < WORTH_MILLIS) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(USE)) {
      statement.setObject(1, tx.organizationId());
      statement.setObject(2, ending.claim().id());
      statement.setObject(3, ending.claim().kind().definitionId());
      statement.setInt(4, ending.claim().attempt());
      statement.setObject(5, ClaimQueries.time(ending.finishedAt()));
      measured(statement, measured.get());
      statement.setLong(10, said.rows());
      statement.setLong(11, said.tokens());
      statement.setBigDecimal(12, said.cost());
      statement.execute();
    }
  }

  private static void measured(PreparedStatement statement, Trail.Measured measured)
      throws SQLException {
    long wall = measured.wallMillis();
    long cpu = measured.cpuMillis();
    statement.setLong(6, wall);
    statement.setObject(7, cpu < 0 ? null : cpu, java.sql.Types.BIGINT);
    statement.setBigDecimal(8, cpu < 0 ? null : percent(cpu, wall));
    statement.setObject(9, measured.bytes() < 0 ? null : measured.bytes(), java.sql.Types.BIGINT);
  }

  private static BigDecimal percent(long cpu, long wall) {
    return BigDecimal.valueOf(cpu * 100)
        .divide(BigDecimal.valueOf(Math.max(1, wall)), 2, RoundingMode.HALF_UP);
  }
}
