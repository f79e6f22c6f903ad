package dev.plinth.base.job;

import static dev.plinth.base.jooq.Tables.JOBS;

import dev.plinth.base.jooq.tables.records.JobsRecord;
import dev.plinth.base.tenancy.SystemTx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.UpdateSetMoreStep;
import org.jooq.impl.DSL;

/**
 * The SQL of jobs. A lease is taken, extended and given up by single statements, by their token.
 */
final class JobQueries {

  private static final String LOST = "its host was lost in the middle of a run";

  /**
   * Makes the job known, due at once. A due time further ahead than a period comes from a longer
   * period or another clock, and counts no more.
   */
  void register(SystemTx tx, Job job) {
    tx.dsl()
        .insertInto(JOBS)
        .set(JOBS.NAME, job.name())
        .set(JOBS.NEXT_RUN_AT, tx.now())
        .onConflict(JOBS.NAME)
        .doUpdate()
        .set(JOBS.NEXT_RUN_AT, DSL.excluded(JOBS.NEXT_RUN_AT))
        .where(JOBS.NEXT_RUN_AT.gt(tx.now().plus(job.every())))
        .execute();
  }

  /** Those of the jobs that somebody has to run now, longest overdue first. */
  List<String> due(SystemTx tx, Collection<String> jobs) {
    return tx.dsl()
        .select(JOBS.NAME)
        .from(JOBS)
        .where(JOBS.NAME.in(jobs), isDue(tx), isFree(tx))
        .orderBy(JOBS.NEXT_RUN_AT)
        .fetch(JOBS.NAME);
  }

  Optional<JobState> claimDue(SystemTx tx, JobLease lease) {
    return claim(tx, lease, isDue(tx));
  }

  Optional<JobState> claim(SystemTx tx, JobLease lease) {
    return claim(tx, lease, DSL.noCondition());
  }

  /** A token that is still there is that of a run of which nobody heard again. */
  private Optional<JobState> claim(SystemTx tx, JobLease lease, Condition when) {
    return tx.dsl()
        .update(JOBS)
        .set(JOBS.LEASE_TOKEN, lease.token())
        .set(JOBS.LEASE_HOLDER, JobLease.HOLDER)
        .set(JOBS.LEASE_UNTIL, tx.now().plus(lease.length()))
        .set(JOBS.LAST_STARTED_AT, tx.now())
        .set(JOBS.RUNS, JOBS.RUNS.plus(1))
        .set(JOBS.FAILURES, ifLost(JOBS.FAILURES.plus(1), JOBS.FAILURES))
        .set(
            JOBS.CONSECUTIVE_FAILURES,
            ifLost(JOBS.CONSECUTIVE_FAILURES.plus(1), JOBS.CONSECUTIVE_FAILURES))
        .set(JOBS.LAST_ERROR, ifLost(DSL.inline(LOST), JOBS.LAST_ERROR))
        .where(JOBS.NAME.eq(lease.job()), isFree(tx), when)
        .returning()
        .fetchOptional(JobQueries::state);
  }

  /** False if the lease is another's by now. */
  boolean extend(SystemTx tx, JobLease lease) {
    return tx.dsl()
            .update(JOBS)
            .set(JOBS.LEASE_UNTIL, tx.now().plus(lease.length()))
            .where(isHeld(lease))
            .execute()
        == 1;
  }

  /** False if the lease is another's by now; so for the next two. */
  boolean succeed(SystemTx tx, JobLease lease, Instant next) {
    return ended(tx)
            .set(JOBS.LAST_SUCCEEDED_AT, tx.now())
            .set(JOBS.CONSECUTIVE_FAILURES, 0)
            .setNull(JOBS.LAST_ERROR)
            .set(JOBS.NEXT_RUN_AT, next)
            .where(isHeld(lease))
            .execute()
        == 1;
  }

  boolean fail(SystemTx tx, JobLease lease, Failure failure) {
    return ended(tx)
            .set(JOBS.FAILURES, JOBS.FAILURES.plus(1))
            .set(JOBS.CONSECUTIVE_FAILURES, JOBS.CONSECUTIVE_FAILURES.plus(1))
            .set(JOBS.LAST_ERROR, failure.error())
            .set(JOBS.NEXT_RUN_AT, failure.again())
            .where(isHeld(lease))
            .execute()
        == 1;
  }

  /** Gives the lease back and leaves the job due. */
  boolean release(SystemTx tx, JobLease lease) {
    return ended(tx).where(isHeld(lease)).execute() == 1;
  }

  /**
   * How a run failed.
   *
   * @param again when it is tried again
   */
  record Failure(String error, Instant again) {}

  Optional<JobState> find(SystemTx tx, String job) {
    return tx.dsl().selectFrom(JOBS).where(JOBS.NAME.eq(job)).fetchOptional(JobQueries::state);
  }

  List<JobState> all(SystemTx tx) {
    return tx.dsl().selectFrom(JOBS).orderBy(JOBS.NAME).fetch(JobQueries::state);
  }

  private static <T> Field<T> ifLost(Field<T> then, Field<T> otherwise) {
    return DSL.when(JOBS.LEASE_TOKEN.isNotNull(), then).otherwise(otherwise);
  }

  private static UpdateSetMoreStep<JobsRecord> ended(SystemTx tx) {
    return tx.dsl()
        .update(JOBS)
        .setNull(JOBS.LEASE_TOKEN)
        .setNull(JOBS.LEASE_HOLDER)
        .setNull(JOBS.LEASE_UNTIL)
        .set(JOBS.LAST_FINISHED_AT, tx.now());
  }

  private static Condition isDue(SystemTx tx) {
    return JOBS.NEXT_RUN_AT.le(tx.now());
  }

  private static Condition isFree(SystemTx tx) {
    return JOBS.LEASE_UNTIL.isNull().or(JOBS.LEASE_UNTIL.le(tx.now()));
  }

  private static Condition isHeld(JobLease lease) {
    return JOBS.NAME.eq(lease.job()).and(JOBS.LEASE_TOKEN.eq(lease.token()));
  }

  private static JobState state(JobsRecord row) {
    return new JobState(
        row.getName(),
        row.getNextRunAt(),
        row.getLeaseHolder(),
        row.getLeaseUntil(),
        row.getLastStartedAt(),
        row.getLastFinishedAt(),
        row.getLastSucceededAt(),
        row.getRuns(),
        row.getFailures(),
        row.getConsecutiveFailures(),
        row.getLastError());
  }
}
