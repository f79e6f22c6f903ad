package dev.plinth.tasks.worker;

import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.DatabaseException;
import dev.plinth.base.error.DatabaseUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what attempts came to: whatever ended while it was writing, of one organization in one
 * transaction. So it batches as much as there is to do, and what ends alone is written at once.
 */
final class Finisher implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Finisher.class);
  private static final int MOST = 1000;
  private static final long PATIENCE_MILLIS = 100;

  /** After so many it is left to the lease. */
  private static final int MOST_TRIES = 50;

  private final Shop shop;
  private final BlockingQueue<Ending> queue = new LinkedBlockingQueue<>();
  private final List<Ending> later = new ArrayList<>();
  private final Map<Ending, Integer> tries = new IdentityHashMap<>();
  private volatile boolean closing;

  Finisher(Shop shop) {
    this.shop = shop;
  }

  void add(Ending ending) {
    queue.add(ending);
  }

  /** Ends when nothing is left to write. */
  void close() {
    closing = true;
  }

  @Override
  public void run() {
    try {
      while (!closing || !queue.isEmpty()) {
        Ending first = queue.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        if (first == null) {
          queue.addAll(later);
          later.clear();
        } else {
          List<Ending> endings = new ArrayList<>(List.of(first));
          queue.drainTo(endings, MOST - 1);
          byOrganization(endings).forEach(this::writeOrLog);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is thrown here would end the thread, and nothing would be written any more. */
  private void writeOrLog(UUID organization, List<Ending> endings) {
    try {
      write(organization, endings);
    } catch (Throwable e) {
      LOG.error("What tasks came to could not be written; trying again", e);
      endings.forEach(this::tryLater);
    }
  }

  private void tryLater(Ending ending) {
    if (tries.merge(ending, 1, Integer::sum) < MOST_TRIES) {
      later.add(ending);
    } else {
      tries.remove(ending);
      LOG.error("What task {} came to cannot be written", ending.claim().id());
      shop.refused(ending.claim());
    }
  }

  private static Map<UUID, List<Ending>> byOrganization(List<Ending> endings) {
    Map<UUID, List<Ending>> sorted = new LinkedHashMap<>();
    endings.stream()
        .sorted(Comparator.comparing(ending -> ending.claim().id()))
        .forEach(
            ending ->
                sorted
                    .computeIfAbsent(ending.claim().organization(), id -> new ArrayList<>())
                    .add(ending));
    return sorted;
  }

  /**
   * What cannot be written together is written one by one, and what cannot be at all is given up.
   */
  private void write(UUID organization, List<Ending> endings) {
    try {
      tryToWrite(organization, endings);
    } catch (RuntimeException e) {
      if (endings.size() > 1) {
        endings.forEach(ending -> write(organization, List.of(ending)));
      } else {
        giveUp(organization, endings.get(0), e);
      }
    }
  }

  private void tryToWrite(UUID organization, List<Ending> endings) {
    while (true) {
      try {
        EndingQueries.Written written =
            shop.transactions(organization, Shop.WHO).call(tx -> shop.write(tx, endings));
        endings.forEach(ending -> settle(ending, written));
        shop.ready(organization, written.ready());
        // There is room again for who holds back because too much is not written.
        shop.work().ring();
        return;
      } catch (DatabaseUnavailableException | ConcurrentUpdateException e) {
        LOG.debug("What tasks came to could not be written; trying again", e);
        if (!waited()) {
          throw e;
        }
      }
    }
  }

  private void settle(Ending ending, EndingQueries.Written written) {
    UUID id = ending.claim().id();
    if (written.ids().contains(id)) {
      tries.remove(ending);
      shop.written(ending);
    } else if (written.locked().contains(id)) {
      tryLater(ending);
    } else {
      tries.remove(ending);
      shop.refused(ending.claim());
    }
  }

  /** What the database refuses of a result is the handler's fault, and said so. */
  private void giveUp(UUID organization, Ending ending, RuntimeException failure) {
    if (ending.output() == null || !isOfTheResult(failure)) {
      LOG.warn("What task {} came to could not be written", ending.claim().id(), failure);
      tryLater(ending);
      return;
    }
    Json.NoJsonException why =
        new Json.NoJsonException("is not stored by the database: " + failure.getMessage(), failure);
    Verdict verdict =
        new Verdict(ending.claim(), ending.trail(), ending.startedAt(), ending.finishedAt());
    write(organization, List.of(verdict.noJson(why)));
  }

  private static boolean isOfTheResult(RuntimeException failure) {
    return failure instanceof ConstraintViolationException
        || failure instanceof DatabaseException other
            && (other.sqlState().startsWith("22") || other.sqlState().startsWith("54"));
  }

  private boolean waited() {
    try {
      TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
      return !closing;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
