package dev.plinth.tasks.worker;

import dev.plinth.tasks.definition.InvalidInputException;
import dev.plinth.tasks.worker.Stop.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says what a task comes to after an attempt.
 *
 * @param startedAt when the handler began, by the database's clock
 * @param finishedAt when it ended
 */
record Verdict(Claim claim, Trail trail, Instant startedAt, Instant finishedAt) {

  Ending succeeded(@Nullable String output) {
    return new Ending(
        claim, "succeeded", "succeeded", output, null, true, null, startedAt, finishedAt, trail);
  }

  /** The handler did not come to its end because it was told to stop. */
  Ending cutShort(Reason reason) {
    return switch (reason) {
      case CANCELLED -> cancelled();
      case TIMED_OUT -> timedOut();
      case LEASE_LOST, CLOSING -> released();
    };
  }

  Ending cancelled() {
    Failure error = Failure.of("Cancelled", "cancelled while it ran");
    return ended("cancelled", "cancelled", error);
  }

  Ending timedOut() {
    String message = "took longer than " + claim.rules().timeout();
    return failed("timed_out", Failure.of("TimedOut", message), backoff());
  }

  Ending lost() {
    Failure error = Failure.of("LeaseExpired", "worker " + claim.worker() + " is not heard of");
    return claim.attempt() >= claim.rules().allowed()
        ? ended("lost", "dead", error)
        : withoutOutput("lost", "pending", null, true, error);
  }

  /** Given back: the attempt does not count. */
  Ending released() {
    return withoutOutput("released", "pending", null, false, null);
  }

  Ending deadlinePassed() {
    String message = "not begun before its deadline " + claim.deadline();
    return ended("failed", "dead", Failure.of("DeadlinePassed", message));
  }

  /** Not even what it failed of can be said. */
  Ending broken() {
    return failed(
        "failed", Failure.of("Broken", "the attempt broke off; the log says more"), backoff());
  }

  /** Nobody here knows the handler; another host may. */
  Ending unhandled() {
    String message = "no worker here knows handler " + claim.kind().handler();
    return withoutOutput(null, "pending", null, false, Failure.of("UnknownHandler", message));
  }

  Ending noJson(Json.NoJsonException e) {
    return ended("failed", "dead", Failure.of("OutputNotJson", String.valueOf(e.getMessage())));
  }

  /** The handler threw. */
  Ending threw(Throwable thrown, List<Class<? extends Throwable>> neverRetried) {
    if (thrown instanceof SnoozedException snoozed) {
      return snoozed(finishedAt.plus(snoozed.delay()));
    }
    Failure error = Failure.of(thrown);
    boolean permanent =
        thrown instanceof PermanentFailureException
            || thrown instanceof InvalidInputException
            || neverRetried.stream().anyMatch(type -> type.isInstance(thrown));
    if (permanent) {
      return ended("failed", "dead", error);
    }
    Duration delay = thrown instanceof RetryLaterException later ? later.delay() : backoff();
    return failed("failed", error, delay);
  }

  private Ending snoozed(Instant until) {
    return missesDeadline(until)
        ? deadlinePassed()
        : withoutOutput("snoozed", "scheduled", until, false, null);
  }

  private Ending failed(String outcome, Failure error, Duration delay) {
    Instant retryAt = finishedAt.plus(delay);
    return claim.attempt() >= claim.rules().allowed() || missesDeadline(retryAt)
        ? ended(outcome, "dead", error)
        : withoutOutput(outcome, "failed", retryAt, true, error);
  }

  private Ending ended(String outcome, String status, Failure error) {
    return withoutOutput(outcome, status, null, true, error);
  }

  private Ending withoutOutput(
      @Nullable String outcome,
      String status,
      @Nullable Instant retryAt,
      boolean counted,
      @Nullable Failure error) {
    return new Ending(
        claim, outcome, status, null, retryAt, counted, error, startedAt, finishedAt, trail);
  }

  private Duration backoff() {
    return claim.rules().backoff(claim.attempt());
  }

  private boolean missesDeadline(Instant time) {
    return claim.deadline() != null && !time.isBefore(claim.deadline());
  }
}
