package dev.plinth.tasks.worker;

import dev.plinth.base.tenancy.Scope;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.TxWork;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TaskHandler} is given: the task, and what it can do while it works. Thread-safe.
 */
public final class TaskContext {

  private final Attempt attempt;

  TaskContext(Attempt attempt) {
    this.attempt = attempt;
  }

  /** Whose task it is. */
  public UUID organizationId() {
    return attempt.claim().organization();
  }

  /** Which task. */
  public UUID taskId() {
    return attempt.claim().id();
  }

  /** What kind of task. */
  public String definition() {
    return attempt.claim().kind().definition();
  }

  /** Which attempt this is; the first is 1. */
  public int attempt() {
    return attempt.claim().attempt();
  }

  /** Whether the task is dead if this attempt fails. */
  public boolean isLastAttempt() {
    return attempt() >= attempt.claim().rules().allowed();
  }

  /** When it is no longer worth doing, if that was said. */
  public Optional<Instant> deadline() {
    return Optional.ofNullable(attempt.claim().deadline());
  }

  /** The workflow run that it is part of, if it is part of one. */
  public Optional<UUID> runId() {
    return Optional.ofNullable(attempt.claim().run());
  }

  /** What the workflow calls it, if it is part of one. */
  public Optional<String> node() {
    return Optional.ofNullable(attempt.claim().node());
  }

  /** What it was enqueued with, over the defaults of its definition; unmodifiable. */
  public Map<String, Object> input() {
    return Json.object(attempt.claim().input());
  }

  /**
   * The input as a record of the host's, as Jackson reads it.
   *
   * @throws PermanentFailureException if it is none: a definition without a schema lets any through
   */
  public <T> T input(Class<T> type) {
    return Json.read(attempt.claim().input(), type);
  }

  /** What the handler says while it works. */
  public TaskLog log() {
    return attempt.trail().log();
  }

  /** What it consumes, as far as only the handler knows. */
  public TaskConsumption usage() {
    return attempt.trail().usage();
  }

  /**
   * How far it is; others see it some seconds later.
   *
   * @param percent 0 to 100
   * @param message what it is at
   */
  public void progress(double percent, String message) {
    attempt.trail().progress(Trail.Progress.of(percent, message));
  }

  /**
   * Whether to stop: because the task was cancelled, takes too long, is another worker's by now, or
   * because the host closes. The thread is interrupted as well; of a closing host, only some time
   * later. Once it has answered true, the attempt does not count as done, whether the handler
   * returns or throws; unless it had completed it {@linkplain #inTransaction in a transaction}.
   */
  public boolean stopping() {
    return attempt.stop().noticed();
  }

  /**
   * Opens transactions of the organization for what the handler does. They commit by themselves,
   * also when the attempt fails afterwards.
   */
  public Scope<TenantTx> transactions() {
    return attempt.transactions();
  }

  /**
   * Does the handler's writes in the transaction that completes the task: all of it is committed,
   * or nothing is. So in the database they are done exactly once, however often the task is tried.
   * Called once, as the last thing a handler does.
   *
   * @param work what it returns is the output of the task
   * @return what the work returned; what the handler returns is no longer heeded
   * @throws LeaseLostException if this worker no longer holds the task
   */
  public <T extends @Nullable Object, X extends Exception> T inTransaction(
      TxWork<TenantTx, T, X> work) throws X {
    return attempt.inTransaction(work);
  }
}
