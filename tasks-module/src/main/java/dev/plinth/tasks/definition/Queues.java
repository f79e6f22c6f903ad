package dev.plinth.tasks.definition;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.regex.Pattern;

/** What queues are called. A queue needs no row: it is a name that tasks wait under. */
public final class Queues {

  /** Where tasks wait that say nothing else. */
  public static final String DEFAULT = "default";

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]*");
  private static final int NAME_LENGTH = 50;

  private Queues() {}

  /**
   * A name of a queue.
   *
   * @throws InvalidValueException if it is not lower-case letters, digits, dots, hyphens and
   *     underscores, a letter first, at most 50 characters
   */
  public static String checked(String name) {
    if (!NAME.matcher(Require.text("queue", name, NAME_LENGTH)).matches()) {
      throw new InvalidValueException(
          "queue",
          "must be lower-case letters, digits, dots, hyphens and underscores, a letter first: "
              + name);
    }
    return name;
  }
}
