package dev.plinth.tasks.worker;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Whose turn it is: organizations and queues come one after the other, each with as much as is
 * claimed at once. Where nothing was found, it is not looked again until something changes there.
 */
final class Rotation {

  /** Anybody may say anything: what is beyond is found by looking. */
  private static final int MOST_HEARD = 10_000;

  private final Set<Waiting> turns = new LinkedHashSet<>();
  private final Map<Waiting, Long> barren = new HashMap<>();
  private final Set<Waiting> limited = new HashSet<>();
  private final long restNanos;
  private boolean changed = true;

  Rotation(long restNanos) {
    this.restNanos = restNanos;
  }

  /** Whose turn it is; it comes no more until it is added again. */
  synchronized Optional<Waiting> next() {
    Optional<Waiting> next = turns.stream().findFirst();
    next.ifPresent(turns::remove);
    return next;
  }

  /** Whether tasks with limits are expected there. */
  synchronized boolean limits(Waiting waiting) {
    return limited.contains(waiting);
  }

  synchronized void limits(Waiting waiting, boolean expected) {
    if (expected) {
      limited.add(waiting);
    } else {
      limited.remove(waiting);
    }
  }

  synchronized boolean isEmpty() {
    return turns.isEmpty();
  }

  /** It has more, as far as one knows. */
  synchronized void again(Waiting waiting) {
    turns.add(waiting);
  }

  /** Somebody says that it has something. */
  synchronized void news(Waiting waiting) {
    barren.remove(waiting);
    if (turns.size() < MOST_HEARD) {
      turns.add(waiting);
    } else {
      changed = true;
    }
  }

  /** Something ended there, so a limit may have room again. */
  synchronized void ended(UUID organization) {
    barren.keySet().removeIf(waiting -> waiting.organization().equals(organization));
    changed = true;
  }

  /** Something may have been missed. */
  synchronized void anything() {
    changed = true;
  }

  /** Whether it is worth looking, though nobody said anything; once. */
  synchronized boolean changed() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** Nothing could be claimed there. */
  synchronized void nothing(Waiting waiting) {
    barren.put(waiting, System.nanoTime() + restNanos);
  }

  /** What was found by looking; false if that is nothing new. */
  synchronized boolean found(Collection<Waiting> all) {
    long now = System.nanoTime();
    barren.values().removeIf(until -> until - now <= 0);
    all.stream().filter(waiting -> !barren.containsKey(waiting)).forEach(turns::add);
    return !turns.isEmpty();
  }
}
