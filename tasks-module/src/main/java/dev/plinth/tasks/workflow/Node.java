package dev.plinth.tasks.workflow;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A task of a workflow.
 *
 * @param name what the workflow calls it: letters, digits, dots, hyphens and underscores, a letter
 *     first, at most 80 characters
 * @param task the name of its task definition
 * @param input what it has besides the input of the run, which it overlays
 * @param compensation the name of the task definition that undoes it, or null
 */
public record Node(
    String name, String task, Map<String, Object> input, @Nullable String compensation) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
  private static final int NAME_LENGTH = 80;
  private static final int TASK_LENGTH = 100;

  /** Checks the components. */
  public Node {
    if (!NAME.matcher(Require.text("name", name, NAME_LENGTH)).matches()) {
      throw new InvalidValueException(
          "name",
          "must be letters, digits, dots, hyphens and underscores, a letter first: " + name);
    }
    task = Require.text("task", task, TASK_LENGTH);
    input = Collections.unmodifiableMap(new LinkedHashMap<>(input));
    compensation =
        compensation == null ? null : Require.text("compensation", compensation, TASK_LENGTH);
  }

  /** A node without an input of its own, which nothing undoes. */
  public static Node of(String name, String task) {
    return new Node(name, task, Map.of(), null);
  }

  /** A node that is called as its task is. */
  public static Node of(String task) {
    return of(task, task);
  }

  /** The same with an input of its own. */
  public Node input(Map<String, Object> members) {
    return new Node(name, task, members, compensation);
  }

  /** The same, undone by another task; see {@link FailurePolicy#COMPENSATE}. */
  public Node undoneBy(String definition) {
    return new Node(name, task, input, definition);
  }
}
