package dev.plinth.tasks.board;

import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;
import static dev.plinth.tasks.jooq.Tables.WORK_ITEMS;

import dev.plinth.base.job.Job;
import dev.plinth.base.job.JobRun;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The job that finds work items whose end has passed while nobody looked: it notes when, tells the
 * assignee (or the creator, where no assignee is a member) once for each end, and publishes {@link
 * WorkItemDelayed}, all in one transaction. Thread-safe.
 */
public final class DelayDetection {

  private static final Duration EVERY = Duration.ofMinutes(1);

  /** Small, so that no transaction is long and no editor waits. */
  private static final int BATCH = 500;

  private static final Field<UUID> ITEM = DSL.field("work_item_id", SQLDataType.UUID);
  private static final Field<Instant> END = DSL.field("missed_end_at", SQLDataType.INSTANT);

  /** The job, for the module. */
  public Job job() {
    return Job.of("tasks.work-item-delays", EVERY, this::run);
  }

  /**
   * Where it fails, that is found out in the end: the other organizations are not to wait for it.
   */
  private void run(JobRun run) {
    Set<UUID> seen = new HashSet<>();
    List<RuntimeException> failures = new ArrayList<>();
    List<UUID> next = run.asSystem().call(tx -> withDelays(tx, seen));
    while (!next.isEmpty()) {
      for (UUID organization : next) {
        seen.add(organization);
        markAll(run, organization).ifPresent(failures::add);
      }
      next = run.stopping() ? List.of() : run.asSystem().call(tx -> withDelays(tx, seen));
    }
    if (!failures.isEmpty()) {
      RuntimeException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Marks all but what others hold; why it could not, if so. */
  private static Optional<RuntimeException> markAll(JobRun run, UUID organization) {
    try {
      int marked = BATCH;
      while (marked == BATCH && !run.stopping()) {
        marked = run.asService(organization).call(DelayDetection::mark);
      }
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  /** The organizations of those that are late longest, of those not seen yet. */
  private static List<UUID> withDelays(SystemTx tx, Set<UUID> seen) {
    Table<?> late =
        DSL.select(WORK_ITEMS.ORGANIZATION_ID)
            .from(WORK_ITEMS)
            .join(ORGANIZATIONS)
            .on(
                ORGANIZATIONS.ID.eq(WORK_ITEMS.ORGANIZATION_ID),
                ORGANIZATIONS.STATUS.eq(OrganizationStatus.ACTIVE))
            .where(
                WORK_ITEMS.DELAYED_AT.isNull(),
                WORK_ITEMS.DELETED_AT.isNull(),
                // Inlined, as the index has them.
                WORK_ITEMS.STATUS.in(
                    DSL.inline(WorkItemStatus.TODO, WORK_ITEMS.STATUS),
                    DSL.inline(WorkItemStatus.IN_PROGRESS, WORK_ITEMS.STATUS)),
                WORK_ITEMS.END_AT.lt(tx.now()),
                WORK_ITEMS.ORGANIZATION_ID.ne(DSL.all(seen.toArray(UUID[]::new))))
            .orderBy(WORK_ITEMS.END_AT)
            .limit(BATCH)
            .asTable("late");
    Field<UUID> organization = late.field(WORK_ITEMS.ORGANIZATION_ID);
    return tx.dsl().selectDistinct(organization).from(late).fetch(organization);
  }

  private static int mark(TenantTx tx) {
    List<Record2<UUID, Instant>> marked =
        tx.dsl()
            .select(ITEM, END)
            .from("plinth_tasks.mark_delayed_work_items(?)", DSL.val(BATCH))
            .fetch();
    marked.forEach(
        row -> tx.publish(new WorkItemDelayed(tx.organizationId(), row.value1(), row.value2())));
    return marked.size();
  }
}
