package dev.plinth.tasks.worker;

import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.OrganizationNotActiveException;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.schedule.DueSchedules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every worker does for all: tasks whose time has come wait for a worker from now on; what a
 * worker had that is no more is given back; what nobody knew how to do is taken up by who does.
 * Several may do so at once: each takes what no other has locked. On a thread of its own: who has
 * just enqueued something does not wait for it.
 */
final class Upkeep implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final int MOST = 1000;

  /** Of an organization at once: more would be long in one transaction. */
  static final int MOST_TAKEN_UP = 5000;

  private final Shop shop;
  private final UpkeepQueries queries = new UpkeepQueries();
  private final Rotation rotation;
  private final DueSchedules schedules = new DueSchedules();
  private final Timer recurrence;
  private final Timer promotion;
  private final Timer recovery;
  private final Timer uptake;
  private final Access access;
  private final Signal closed = new Signal();
  private volatile boolean closing;

  Upkeep(Shop shop) {
    this.shop = shop;
    this.rotation = shop.rotation();
    WorkerSettings settings = shop.settings();
    this.recurrence = new Timer(settings.polling());
    this.promotion = new Timer(settings.polling());
    this.recovery = new Timer(settings.recovery());
    this.uptake = new Timer(settings.polling());
    this.access = new Access(settings.polling());
  }

  /** Does nothing new any more. */
  void close() {
    closing = true;
    closed.ring();
  }

  @Override
  public void run() {
    try {
      while (!closing) {
        closed.await(step());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long step() {
    try {
      long rest = whenDue();
      access.there();
      return rest;
    } catch (RuntimeException | Error e) {
      access.lost(e);
      return shop.settings().polling().toNanos();
    }
  }

  /** Does what is due, and says for how long there is nothing to do, in nanoseconds. */
  private long whenDue() {
    whenDue(promotion, this::promote);
    whenDue(recovery, this::recover);
    whenDue(uptake, this::takeUp);
    Duration polling = shop.settings().polling();
    whenDue(recurrence, () -> schedules.enqueue(shop.tenancy(), polling));
    return LongStream.of(recurrence.left(), promotion.left(), recovery.left(), uptake.left())
        .min()
        .getAsLong();
  }

  /** What fails here, for whatever reason, hinders neither the rest nor claiming. */
  private void whenDue(Timer timer, Supplier<Duration> chore) {
    if (timer.due()) {
      timer.next(shop.settings().polling());
      try {
        timer.next(chore.get());
      } catch (DatabaseUnavailableException e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.warn("Upkeep of tasks failed; trying again", e);
      }
    }
  }

  /** When to look again: when the next one is due, but not later than one looks anyway. */
  private Duration promote() {
    UpkeepQueries.Due due = shop.tenancy().asSystem(Shop.WHO).read(tx -> queries.due(tx, MOST));
    boolean moved = forEach(due.tasks(), (tx, ids) -> queries.promote(tx, ids));
    boolean more = moved && due.tasks().values().stream().mapToInt(List::size).sum() == MOST;
    Duration polling = shop.settings().polling();
    Duration next = due.next().filter(time -> time.compareTo(polling) < 0).orElse(polling);
    return more ? Duration.ZERO : next;
  }

  private Duration recover() {
    Map<UUID, List<UUID>> lost =
        shop.tenancy().asSystem(Shop.WHO).read(tx -> queries.lost(tx, MOST));
    forEach(
        lost,
        (tx, ids) -> {
          List<Ending> endings = queries.lockLost(tx, ids).stream().map(Upkeep::givenBack).toList();
          int count = shop.write(tx, endings).ids().size();
          if (count > 0) {
            shop.telemetry().recovered(count);
            LOG.warn("{} tasks of workers that are not heard of are given back", count);
          }
          return Set.copyOf(endings.stream().map(ending -> ending.claim().queue()).toList());
        });
    return shop.settings().recovery();
  }

  private static Ending givenBack(UpkeepQueries.Lost lost) {
    Claim claim = lost.claim();
    Verdict verdict = new Verdict(claim, new Trail(claim::at), lost.startedAt(), claim.claimedAt());
    return lost.cancelled() ? verdict.cancelled() : verdict.lost();
  }

  /** When to look again: at once where there may be more. */
  private Duration takeUp() {
    AtomicBoolean more = new AtomicBoolean();
    Set<String> known = shop.settings().handlers().keySet();
    UpkeepQueries.TakeUp what = new UpkeepQueries.TakeUp(shop.settings().queues(), MOST_TAKEN_UP);
    Map<UUID, List<UUID>> aside =
        shop.tenancy().asSystem(Shop.WHO).read(tx -> queries.unhandled(tx, known));
    forEach(
        aside,
        (tx, definitions) -> {
          List<String> queues = queries.takeUp(tx, definitions, what);
          more.compareAndSet(false, queues.size() == MOST_TAKEN_UP);
          return Set.copyOf(queues);
        });
    return more.get() ? Duration.ZERO : shop.settings().polling();
  }

  /** Does something in an organization, and says in which queues there is something to claim. */
  @FunctionalInterface
  private interface Work {
    Set<String> apply(TenantTx tx, List<UUID> ids);
  }

  /** Whether anything was done. */
  private boolean forEach(Map<UUID, List<UUID>> all, Work work) {
    boolean done = false;
    for (Map.Entry<UUID, List<UUID>> each : all.entrySet()) {
      Set<String> queues = queuesOf(each.getKey(), each.getValue(), work);
      queues.forEach(queue -> heard(new Waiting(each.getKey(), queue)));
      done |= !queues.isEmpty();
    }
    return done;
  }

  private Set<String> queuesOf(UUID organization, List<UUID> ids, Work work) {
    try {
      return shop.transactions(organization, Shop.WHO).call(tx -> work.apply(tx, ids));
    } catch (DatabaseUnavailableException e) {
      throw e;
    } catch (OrganizationNotActiveException e) {
      LOG.debug("Tasks of an organization that is not active wait", e);
    } catch (RuntimeException e) {
      LOG.warn("Upkeep of an organization's tasks failed; trying again", e);
    }
    return Set.of();
  }

  private void heard(Waiting waiting) {
    if (shop.settings().queues().contains(waiting.queue())) {
      rotation.news(waiting);
      shop.work().ring();
    }
  }

  /** When something is due, by {@link System#nanoTime()}; the first time at once. */
  private static final class Timer {

    private long at;

    Timer(Duration every) {
      this.at = System.nanoTime() - every.toNanos();
    }

    boolean due() {
      return left() <= 0;
    }

    long left() {
      return at - System.nanoTime();
    }

    void next(Duration later) {
      at = System.nanoTime() + later.toNanos();
    }
  }
}
