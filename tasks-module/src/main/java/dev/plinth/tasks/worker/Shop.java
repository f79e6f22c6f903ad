package dev.plinth.tasks.worker;

import dev.plinth.base.tenancy.Scope;
import dev.plinth.base.tenancy.Tenancy;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a worker has in hand, and what all of its parts share; thread-safe. */
final class Shop {

  /** As whom a worker writes what it writes for itself. */
  static final String WHO = "tasks.worker";

  private final WorkerSettings settings;
  private final TaskTelemetry telemetry;
  private final Tenancy tenancy;
  private final Signal work = new Signal();
  private final Rotation rotation;
  private final Map<UUID, Attempt> held = new ConcurrentHashMap<>();
  private final AtomicInteger unhandled = new AtomicInteger();
  private final Pace pace = new Pace();
  private final EndingQueries queries = new EndingQueries();
  private final Handlers handlers;
  private final Finisher finisher;

  Shop(WorkerSettings settings, Tenancy tenancy) {
    this.settings = settings;
    this.telemetry = new TaskTelemetryGuard(settings.telemetry());
    this.tenancy = tenancy;
    this.rotation = new Rotation(settings.polling().toNanos());
    this.handlers = new Handlers(settings.concurrency());
    this.finisher = new Finisher(this);
  }

  WorkerSettings settings() {
    return settings;
  }

  Tenancy tenancy() {
    return tenancy;
  }

  TaskTelemetry telemetry() {
    return telemetry;
  }

  /** Rings when there may be something to claim, or room to do it. */
  Signal work() {
    return work;
  }

  Rotation rotation() {
    return rotation;
  }

  Finisher finisher() {
    return finisher;
  }

  Handlers handlers() {
    return handlers;
  }

  Pace pace() {
    return pace;
  }

  @Nullable TaskHandler handler(String name) {
    return settings.handlers().get(name);
  }

  List<Class<? extends Throwable>> neverRetried() {
    return settings.neverRetried();
  }

  Scope<TenantTx> transactions(UUID organization, String who) {
    return tenancy.asService(organization, who);
  }

  EndingQueries.Written write(TenantTx tx, List<Ending> endings) {
    return queries.write(tx, endings);
  }

  /** In the transaction of a handler; false if the task is no longer this worker's. */
  boolean complete(TenantTx tx, Ending ending) {
    return queries.writeWaiting(tx, ending).ids().contains(ending.claim().id());
  }

  /** Tasks that waited for others can be claimed now. */
  void ready(UUID organization, Set<String> queues) {
    for (String queue : queues) {
      if (settings.queues().contains(queue)) {
        rotation.news(new Waiting(organization, queue));
        work.ring();
      }
    }
  }

  /** Takes claimed tasks on; their turn comes when a thread is free. */
  void take(List<Claim> claims) {
    if (!claims.isEmpty()) {
      telemetry.claimed(claims.size());
    }
    for (Claim claim : claims) {
      Attempt attempt = new Attempt(claim, this);
      held.put(claim.id(), attempt);
      unhandled.incrementAndGet();
      if (!handlers.execute(attempt)) {
        attempt.giveBack();
      }
    }
  }

  /** What this worker holds, from the claim until its end is written. */
  Collection<Attempt> held() {
    return held.values();
  }

  Optional<Attempt> held(UUID task) {
    return Optional.ofNullable(held.get(task));
  }

  int heldCount() {
    return held.size();
  }

  /** How many wait for a handler or are with one. */
  int unhandledCount() {
    return unhandled.get();
  }

  /** An attempt ended; that is to be written. */
  void end(Ending ending) {
    finisher.add(ending);
  }

  /** No thread is with an attempt any more, or none ever will be. */
  void left(Attempt attempt) {
    unhandled.decrementAndGet();
    pace.took(System.nanoTime() - attempt.startedNanos());
    work.ring();
  }

  /** Nothing is left to do for an attempt. */
  void forget(Attempt attempt) {
    held.remove(attempt.claim().id(), attempt);
  }

  /** The end of an attempt is written. */
  void written(Ending ending) {
    gone(ending.claim());
    String outcome = ending.outcome();
    if (outcome == null) {
      telemetry.unhandled(ending.claim().kind().handler());
    } else {
      Instant ready = ending.claim().readyAt();
      Duration waited = Duration.between(ready, ending.startedAt());
      Duration took = Duration.between(ending.startedAt(), ending.finishedAt());
      String definition = ending.claim().kind().definition();
      telemetry.attemptEnded(definition, outcome, waited, took);
    }
  }

  /** The end of an attempt was refused: the task is no longer this worker's. */
  void refused(Claim claim) {
    gone(claim);
    telemetry.leaseLost(claim.kind().definition());
  }

  /** A task that is claimed again meanwhile is another attempt. */
  private void gone(Claim claim) {
    held(claim.id())
        .filter(attempt -> attempt.claim().token().equals(claim.token()))
        .ifPresent(Attempt::settled);
    if (claim.limited()) {
      rotation.ended(claim.organization());
      work.ring();
    }
  }

  /** A handler's thread is given up; another takes its place. */
  void abandon(Attempt attempt) {
    if (attempt.abandon()) {
      handlers.grow();
      attempt.leave();
      telemetry.handlerAbandoned(attempt.claim().kind().definition());
    }
  }

  /** A thread that was given up came back. */
  void returned() {
    handlers.shrink();
  }
}
