package dev.plinth.tasks.worker;

import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.DatabaseException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.OrganizationNotActiveException;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims tasks as long as there is room for them, one organization after the other. */
final class Dispatcher implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How many batches may be ended and not yet written: more would be lost with the process. */
  private static final int UNWRITTEN_BATCHES = 8;

  private final Shop shop;
  private final Rotation rotation;
  private final WorkerSettings settings;
  private final Access access;
  private final ClaimQueries queries = new ClaimQueries();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;
  private boolean limitedTurn;
  private long nextLook = System.nanoTime();

  Dispatcher(Shop shop) {
    this.shop = shop;
    this.rotation = shop.rotation();
    this.settings = shop.settings();
    this.access = new Access(settings.polling());
  }

  /**
   * Claims nothing any more, and waits for what it is claiming: nobody would give that back.
   *
   * @param limit how long to wait
   */
  void close(Duration limit) throws InterruptedException {
    closing = true;
    shop.work().ring();
    if (!ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("What is being claimed is not waited for: the database does not answer");
    }
  }

  @Override
  public void run() {
    try {
      while (!closing) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private void step() throws InterruptedException {
    try {
      if (!claimWhileRoom()) {
        shop.work().await(settings.polling().toNanos());
      }
      access.there();
    } catch (RuntimeException | Error e) {
      access.lost(e);
      shop.work().await(settings.polling().toNanos());
    }
  }

  /** False if there is nothing to claim, or no room. */
  private boolean claimWhileRoom() {
    int room = room();
    if (room <= 0) {
      return false;
    }
    // Also while others have enough to do: not everything is said to everybody.
    boolean found = look();
    Optional<Waiting> next = rotation.next();
    next.ifPresent(waiting -> claim(waiting, room));
    return found || next.isPresent();
  }

  /** Not each time that a task ends: who enqueues says so, and else it is time to look. */
  private boolean look() {
    if (nextLook - System.nanoTime() > 0 && !(rotation.isEmpty() && rotation.changed())) {
      return false;
    }
    nextLook = System.nanoTime() + settings.polling().toNanos();
    return rotation.found(
        shop.tenancy().asSystem(Shop.WHO).read(tx -> queries.discover(tx, settings.queues())));
  }

  /** For slow tasks as many as threads are free; for quick ones a batch as soon as it has room. */
  private int room() {
    int batch = settings.batchSize();
    int unhandled = shop.unhandledCount();
    int free = settings.concurrency() - unhandled;
    int ahead = shop.pace().ahead(settings.concurrency(), 2 * batch);
    int room = settings.concurrency() + ahead - unhandled;
    if (shop.heldCount() - unhandled > UNWRITTEN_BATCHES * batch) {
      return 0;
    }
    return free > 0 || room >= batch ? Math.min(room, batch) : 0;
  }

  private void claim(Waiting waiting, int room) {
    List<Claim> claims = claimed(waiting, room);
    shop.take(claims);
    if (claims.isEmpty()) {
      rotation.nothing(waiting);
    } else if (claims.size() >= room) {
      rotation.again(waiting);
    }
  }

  private List<Claim> claimed(Waiting waiting, int room) {
    long now = System.nanoTime();
    ClaimQueries.Ask ask =
        new ClaimQueries.Ask(settings.name(), waiting.queue(), room, settings.lease(), now);
    try {
      return shop.transactions(waiting.organization(), Shop.WHO)
          .call(tx -> claimed(tx, waiting, ask));
    } catch (OrganizationNotActiveException | NotFoundException e) {
      LOG.debug("Tasks of an organization that is not active wait", e);
      return List.of();
    } catch (ConcurrentUpdateException | ConstraintViolationException | DatabaseException e) {
      LOG.warn("Tasks of an organization could not be claimed; trying again", e);
      return List.of();
    }
  }

  /**
   * Where limits are, what has them has half of the room, and of a single place every other one.
   */
  private List<Claim> claimed(TenantTx tx, Waiting waiting, ClaimQueries.Ask ask) {
    limitedTurn = !limitedTurn;
    boolean first = rotation.limits(waiting) && (ask.most() > 1 || limitedTurn);
    List<Claim> all = new ArrayList<>();
    if (first) {
      all.addAll(queries.claimLimited(tx, ask.most((ask.most() + 1) / 2)).claims());
    }
    ClaimQueries.Claimed free = queries.claim(tx, ask.most(ask.most() - all.size()));
    all.addAll(free.claims());
    if (!first && free.limitedToo() && all.size() < ask.most()) {
      all.addAll(queries.claimLimited(tx, ask.most(ask.most() - all.size())).claims());
    }
    rotation.limits(waiting, free.limitedToo() && !all.isEmpty());
    return all;
  }
}
