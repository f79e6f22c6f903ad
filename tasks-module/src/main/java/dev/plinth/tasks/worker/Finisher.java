package dev.plinth.tasks.worker;

import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.DatabaseUnavailableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private static final String WHO = "tasks.worker";
  private static final int MOST = 1000;
  private static final long PATIENCE_MILLIS = 100;

  private final Shop shop;
  private final BlockingQueue<Ending> queue = new LinkedBlockingQueue<>();
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
        if (first != null) {
          List<Ending> endings = new ArrayList<>(List.of(first));
          queue.drainTo(endings, MOST - 1);
          byOrganization(endings).forEach(this::write);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
            shop.transactions(organization, WHO).call(tx -> shop.write(tx, endings));
        endings.forEach(ending -> settle(ending, written.ids()));
        shop.ready(organization, written.ready());
        return;
      } catch (DatabaseUnavailableException | ConcurrentUpdateException e) {
        LOG.debug("What tasks came to could not be written; trying again", e);
        if (!waited()) {
          throw e;
        }
      }
    }
  }

  private void settle(Ending ending, Set<UUID> written) {
    if (written.contains(ending.claim().id())) {
      shop.written(ending);
    } else {
      shop.refused(ending.claim());
    }
  }

  /** What the database refuses of a result is the handler's fault, and said so. */
  private void giveUp(UUID organization, Ending ending, RuntimeException failure) {
    if (ending.output() == null) {
      LOG.error("What task {} came to cannot be written", ending.claim().id(), failure);
      shop.refused(ending.claim());
      return;
    }
    Json.NoJsonException why =
        new Json.NoJsonException("is not stored by the database: " + failure.getMessage(), failure);
    Verdict verdict =
        new Verdict(ending.claim(), ending.trail(), ending.startedAt(), ending.finishedAt());
    write(organization, List.of(verdict.noJson(why)));
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
