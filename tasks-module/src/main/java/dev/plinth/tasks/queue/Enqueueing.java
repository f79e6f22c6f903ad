package dev.plinth.tasks.queue;

import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.InvalidInputException;
import dev.plinth.tasks.queue.KnownDefinitions.Known;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How tasks get into the table: one statement where nothing stands in the way, else as many as it
 * takes to find out whether a definition changed or an idempotency key is taken. Thread-safe.
 */
final class Enqueueing {

  /** Each failure needs another transaction that committed in between. */
  private static final int TRIES = 10;

  private final KnownDefinitions definitions = new KnownDefinitions();
  private final TaskInserts inserts = new TaskInserts();
  private final TaskQueries queries = new TaskQueries();

  /** The stored task, or the id of the earlier one. */
  record Outcome(@Nullable Task stored, UUID id) {}

  Outcome one(TenantTx tx, NewTask task) {
    Entry entry = Entry.of(tx, task, definitions.get(tx, task.definition()));
    Optional<Task> stored = inserts.insert(tx, entry);
    return stored.isPresent()
        ? new Outcome(stored.get(), entry.id())
        : new Outcome(null, resolved(tx, List.of(entry)).getOrDefault(entry.id(), entry.id()));
  }

  /** The ids, in the order given. */
  List<UUID> all(TenantTx tx, Collection<NewTask> tasks) {
    Map<String, Known> known = new HashMap<>();
    List<Entry> entries = new ArrayList<>(tasks.size());
    for (NewTask task : tasks) {
      Known definition =
          known.computeIfAbsent(task.definition(), name -> definitions.get(tx, name));
      try {
        entries.add(Entry.of(tx, task, definition));
      } catch (InvalidInputException e) {
        throw e.at(entries.size());
      }
    }
    if (entries.isEmpty() || inserts.insert(tx, entries) == entries.size()) {
      return entries.stream().map(Entry::id).toList();
    }
    Map<UUID, UUID> earlier = resolved(tx, entries);
    return entries.stream().map(e -> earlier.getOrDefault(e.id(), e.id())).toList();
  }

  /** Of those whose key was taken, the tasks that have it; all others are written then. */
  private Map<UUID, UUID> resolved(TenantTx tx, List<Entry> entries) {
    Map<UUID, UUID> earlier = new HashMap<>();
    List<Entry> left = entries;
    for (int i = 0; i < TRIES; i++) {
      left = open(tx, left, earlier);
      if (left.isEmpty()) {
        return earlier;
      }
      left = again(tx, left);
      inserts.insert(tx, left);
    }
    throw new ConcurrentUpdateException("40001", null);
  }

  /** Those that are not there yet, and not another's either. */
  private List<Entry> open(TenantTx tx, List<Entry> entries, Map<UUID, UUID> earlier) {
    Set<UUID> stored = queries.stored(tx, entries.stream().map(Entry::id).toList());
    List<Entry> missing = entries.stream().filter(e -> !stored.contains(e.id())).toList();
    List<String> keys =
        missing.stream().map(Entry::idempotencyKey).filter(Objects::nonNull).toList();
    Map<String, UUID> taken = keys.isEmpty() ? Map.of() : queries.taken(tx, keys);
    List<Entry> open = new ArrayList<>();
    for (Entry entry : missing) {
      UUID owner = entry.idempotencyKey() == null ? null : taken.get(entry.idempotencyKey());
      if (owner == null) {
        open.add(entry);
      } else {
        earlier.put(entry.id(), owner);
      }
    }
    release(tx, open);
    return open;
  }

  private void release(TenantTx tx, List<Entry> open) {
    List<String> keys = open.stream().map(Entry::idempotencyKey).filter(Objects::nonNull).toList();
    if (!keys.isEmpty()) {
      queries.release(tx, keys);
    }
  }

  /** Held against the definitions as they are now. */
  private List<Entry> again(TenantTx tx, List<Entry> entries) {
    Map<String, Known> known = new HashMap<>();
    return entries.stream()
        .map(
            entry ->
                entry.again(
                    known.computeIfAbsent(
                        entry.task().definition(), name -> definitions.load(tx, name))))
        .toList();
  }
}
