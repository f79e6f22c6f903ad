package dev.plinth.tasks.flow;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.tasks.board.WorkItemKind;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which work items are looked at, of those that who asks sees. Where an item belonged is asked for
 * each time anew: what moved on counts where it was then.
 *
 * @param project only those of a project, or null
 * @param within only parts of an epic or a story, and parts of those; or null
 * @param kinds of these kinds; epics hold the others, so with all three work counts twice
 */
public record FlowScope(@Nullable UUID project, @Nullable UUID within, Set<WorkItemKind> kinds) {

  /** Checks and copies the kinds. */
  public FlowScope {
    if (kinds.isEmpty()) {
      throw new InvalidValueException("kinds", "must name one at least");
    }
    kinds = Collections.unmodifiableSet(new TreeSet<>(kinds));
  }

  /** All stories and tasks. */
  public static FlowScope all() {
    return new FlowScope(null, null, EnumSet.of(WorkItemKind.STORY, WorkItemKind.TASK));
  }

  /** The same of one project only. */
  public FlowScope project(UUID only) {
    return new FlowScope(only, within, kinds);
  }

  /** The same within an epic or a story. */
  public FlowScope within(UUID whole) {
    return new FlowScope(project, whole, kinds);
  }

  /** The same of other kinds. */
  public FlowScope kinds(WorkItemKind first, WorkItemKind... others) {
    return new FlowScope(project, within, EnumSet.of(first, others));
  }
}
