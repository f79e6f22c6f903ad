package dev.plinth.tasks.worker;

import dev.plinth.base.job.DaemonThreads;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.worker.KeeperQueries.Sign;
import dev.plinth.tasks.worker.Stop.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the worker holds: extends leases, writes what handlers say meanwhile, and looks at the
 * time. The last by a thread of its own, which the database cannot hold up.
 */
final class Keeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /** How long what handlers say is kept back. */
  private static final Duration SAYING = Duration.ofSeconds(1);

  private static final Duration WATCHING = Duration.ofMillis(50);

  /** How long a handler may take to heed an interrupt, before its thread is given up. */
  static final Duration GRACE = Duration.ofSeconds(5);

  private final Shop shop;
  private final KeeperQueries queries = new KeeperQueries();
  private final TrailQueries trails = new TrailQueries();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final ScheduledExecutorService keeping = thread("plinth-task-keeper");
  private final ScheduledExecutorService watching = thread("plinth-task-watch");

  Keeper(Shop shop) {
    this.shop = shop;
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(new DaemonThreads(name));
  }

  void start() {
    Duration heartbeat = shop.settings().heartbeat();
    Duration period = heartbeat.compareTo(SAYING) < 0 ? heartbeat : SAYING;
    keeping.scheduleWithFixedDelay(
        this::keep, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    watching.scheduleWithFixedDelay(
        this::watch, WATCHING.toNanos(), WATCHING.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Asks the database now about what is in doubt. */
  void soon() {
    if (asked.compareAndSet(false, true)) {
      keeping.execute(this::keep);
    }
  }

  /** What is thrown here would end the schedule for good. */
  private void keep() {
    asked.set(false);
    try {
      keepAll();
    } catch (Throwable e) {
      LOG.warn("Leases of tasks were not extended; trying again", e);
    }
  }

  private static boolean isDue(Attempt attempt, long due) {
    return attempt.takeDoubt() || attempt.extendedNanos() - due <= 0 || attempt.trail().hasNews();
  }

  /** Also of what has ended and is not written: it is this worker's as long. */
  private void keepAll() {
    long due = System.nanoTime() - shop.settings().heartbeat().toNanos();
    Map<UUID, List<Attempt>> attempts =
        shop.held().stream()
            .filter(attempt -> !attempt.isSettled())
            .filter(attempt -> isDue(attempt, due))
            .collect(Collectors.groupingBy(attempt -> attempt.claim().organization()));
    attempts.forEach(this::keep);
  }

  /** Without an answer the leases stay as they are; it is tried again soon. */
  private void keep(UUID organization, List<Attempt> attempts) {
    try {
      long asked = System.nanoTime();
      shop.transactions(organization, Shop.WHO).run(tx -> extend(tx, attempts, asked));
    } catch (RuntimeException e) {
      LOG.debug("Leases of tasks were not extended; trying again", e);
    }
  }

  private void extend(TenantTx tx, List<Attempt> attempts, long asked) {
    List<Sign> signs =
        attempts.stream()
            .map(attempt -> new Sign(attempt.claim(), attempt.trail().takeProgress()))
            .toList();
    Map<UUID, Boolean> extended = queries.extend(tx, signs, tx.now().plus(shop.settings().lease()));
    List<Claim> others =
        signs.stream().map(Sign::claim).filter(claim -> !extended.containsKey(claim.id())).toList();
    Set<UUID> held = others.isEmpty() ? Set.of() : KeeperQueries.stillHeld(tx, others);
    for (Attempt attempt : attempts) {
      UUID id = attempt.claim().id();
      if (extended.containsKey(id)) {
        extended(tx, attempt, asked, extended.get(id));
      } else if (!held.contains(id)) {
        stop(attempt, Reason.LEASE_LOST);
      }
    }
  }

  private void extended(TenantTx tx, Attempt attempt, long asked, boolean cancelled) {
    attempt.extended(asked);
    if (cancelled) {
      stop(attempt, Reason.CANCELLED);
    }
    List<LogLine> lines = attempt.trail().log().take();
    try {
      trails.write(tx, attempt.claim(), lines);
    } catch (RuntimeException e) {
      attempt.trail().log().putBack(lines);
      throw e;
    }
  }

  private static void stop(Attempt attempt, Reason reason) {
    if (!attempt.ended() && attempt.stop().reason().isEmpty()) {
      attempt.stop().stop(reason, true);
    }
  }

  private void watch() {
    try {
      long now = System.nanoTime();
      shop.held().forEach(attempt -> watch(attempt, now));
    } catch (Throwable e) {
      LOG.warn("Tasks could not be watched; trying again", e);
    }
  }

  private void watch(Attempt attempt, long now) {
    if (!attempt.ended() && now - attempt.extendedNanos() > shop.settings().lease().toNanos()) {
      stop(attempt, Reason.LEASE_LOST);
    }
    if (attempt.running()) {
      long ran = now - attempt.startedNanos();
      if (ran > attempt.claim().rules().timeout().toNanos() && attempt.stop().reason().isEmpty()) {
        attempt.stop().stop(Reason.TIMED_OUT, true);
      }
      attempt
          .stop()
          .since()
          .filter(since -> now - since > GRACE.toNanos())
          .ifPresent(since -> giveUp(attempt));
    }
  }

  /** It had its time: what it comes to is said without it. */
  private void giveUp(Attempt attempt) {
    attempt
        .stop()
        .reason()
        .filter(reason -> reason != Reason.CLOSING)
        .ifPresent(
            reason -> {
              attempt.end(attempt.verdict().cutShort(reason));
              shop.abandon(attempt);
            });
  }

  @Override
  public void close() {
    keeping.shutdownNow();
    watching.shutdownNow();
  }
}
