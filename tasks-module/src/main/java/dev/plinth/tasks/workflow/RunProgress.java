package dev.plinth.tasks.workflow;

import dev.plinth.tasks.queue.TaskStatus;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How far a run is.
 *
 * @param tasks how many tasks of it are in each status; a status that none has is absent
 * @param skipped how many of the cancelled ones were skipped
 */
public record RunProgress(Map<TaskStatus, Integer> tasks, int skipped) {

  private static final int ALL = 100;

  /** Copies the counts. */
  public RunProgress {
    Map<TaskStatus, Integer> copy = new EnumMap<>(TaskStatus.class);
    copy.putAll(tasks);
    tasks = Collections.unmodifiableMap(copy);
  }

  /** How many tasks it has. */
  public int total() {
    return tasks.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many of them have ended, however. */
  public int ended() {
    return tasks.entrySet().stream()
        .filter(entry -> entry.getKey().isFinal())
        .mapToInt(Map.Entry::getValue)
        .sum();
  }

  /** How many of a hundred have ended, rounded down. */
  public int percent() {
    return total() == 0 ? 0 : (int) ((long) ended() * ALL / total());
  }
}
