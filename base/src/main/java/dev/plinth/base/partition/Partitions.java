package dev.plinth.base.partition;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.SystemTx;
import java.time.Period;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of high-volume tables, of all modules: made ahead of time and dropped by
 * retention. For jobs, each call in a transaction of its own, because its locks last as long as
 * that. Two callers at once do the work once. Thread-safe.
 */
public final class Partitions {

  private final PartitionQueries queries = new PartitionQueries();

  /**
   * Makes the partitions that are missing, from the current period on. Rows for which there was
   * none when they were written move to where they belong.
   *
   * @return what was made, and of which tables nothing could be: these are left as they were
   */
  public List<PartitionChange> ensure(SystemTx tx) {
    return queries.ensure(tx);
  }

  /**
   * Drops of each table the oldest partition in which every row is older than is kept, after what
   * refers to these rows was emptied: set to NULL where it may be, else deleted. One, because the
   * table is locked until the end of the transaction: call it until nothing was dropped. Rows that
   * have no partition yet are left to {@link #ensure}, which is called first.
   *
   * @return what was dropped, and what could not be
   */
  public List<PartitionChange> dropExpired(SystemTx tx) {
    return queries.dropExpired(tx);
  }

  /**
   * Changes how old the rows of a table become; {@link #dropExpired} goes by it.
   *
   * @param table as {@code schema.table}
   * @param age more than none
   * @throws NotFoundException if no such table is partitioned
   * @throws InvalidValueException if the age is none or negative
   */
  public void keepFor(SystemTx tx, String table, Period age) {
    if (age.isZero() || age.isNegative()) {
      throw new InvalidValueException("age", "must be more than none");
    }
    keep(tx, table, age);
  }

  /**
   * Has the rows of a table kept for ever.
   *
   * @param table as {@code schema.table}
   * @throws NotFoundException if no such table is partitioned
   */
  public void keepForever(SystemTx tx, String table) {
    keep(tx, table, null);
  }

  private void keep(SystemTx tx, String table, @Nullable Period age) {
    if (!queries.keep(tx, table, age)) {
      throw new NotFoundException("partitioned table", table, null);
    }
  }
}
