package dev.plinth.tasks.queue;

import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.InputRules;
import dev.plinth.tasks.definition.TaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The definitions that were enqueued for lately, so that enqueueing asks for none. What stands here
 * may be out of date: who enqueues says which version it read, and the database tells if that is no
 * longer the one. Thread-safe.
 */
final class KnownDefinitions {

  private static final int KEPT = 10_000;

  private final TaskDefinitions definitions = new TaskDefinitions();
  private final Map<Key, Known> all = Collections.synchronizedMap(new Recent());

  private record Key(UUID organization, String name) {}

  /** A definition with what makes its inputs. */
  record Known(TaskDefinition definition, InputRules rules) {}

  /**
   * The definition of a name, as it was lately.
   *
   * @throws NotFoundException if the organization has none
   */
  Known get(TenantTx tx, String name) {
    Known known = all.get(new Key(tx.organizationId(), name));
    return known == null ? load(tx, name) : known;
  }

  /**
   * The definition of a name, as it is now.
   *
   * @throws NotFoundException if the organization has none
   */
  Known load(TenantTx tx, String name) {
    Key key = new Key(tx.organizationId(), name);
    all.remove(key);
    TaskDefinition definition = definitions.getByName(tx, name);
    Known known = new Known(definition, InputRules.of(definition));
    // What this transaction wrote may be rolled back, and its version be another's then.
    if (definition.updatedAt().isBefore(tx.now())) {
      all.put(key, known);
    }
    return known;
  }

  /** Forgets what was not used for longest. */
  private static final class Recent extends LinkedHashMap<Key, Known> {

    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
      return size() > KEPT;
    }
  }
}
