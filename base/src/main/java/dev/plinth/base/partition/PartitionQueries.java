package dev.plinth.base.partition;

import dev.plinth.base.tenancy.SystemTx;
import java.time.Period;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The SQL of partitions: functions of the database, because the host's login needs no DDL. */
final class PartitionQueries {

  List<PartitionChange> ensure(SystemTx tx) {
    return tx.dsl()
        .fetch("SELECT * FROM plinth_base.ensure_partitions()")
        .map(PartitionQueries::change);
  }

  List<PartitionChange> dropExpired(SystemTx tx) {
    return tx.dsl()
        .fetch("SELECT * FROM plinth_base.drop_expired_partitions()")
        .map(PartitionQueries::change);
  }

  /** Whether there is such a table. */
  boolean keep(SystemTx tx, String table, @Nullable Period age) {
    return Objects.requireNonNull(
        tx.dsl()
            .fetchSingle(
                "SELECT plinth_base.keep_partitions(?, CAST(? AS interval))",
                table,
                age == null ? null : age.toString())
            .get(0, Boolean.class));
  }

  private static PartitionChange change(Record row) {
    return new PartitionChange(
        text(row, "table_name"),
        row.get("partition_name", String.class),
        PartitionOutcome.valueOf(text(row, "outcome").toUpperCase(Locale.ROOT)),
        row.get("row_count", long.class),
        row.get("reason", String.class));
  }

  private static String text(Record row, String column) {
    return Objects.requireNonNull(row.get(column, String.class));
  }
}
