package dev.plinth.tasks.definition;

import dev.plinth.base.error.PlinthException;
import java.util.List;
import java.util.OptionalInt;

/** What a task is given is not what its definition takes; nothing was written. */
public final class InvalidInputException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String definition;
  private final transient List<Violation> violations;
  private final int index;

  /**
   * What is wrong with an input.
   *
   * @param path where, as a JSON path: {@code $.repository.url}
   * @param message what is expected there
   */
  public record Violation(String path, String message) {}

  /** Reports it with its facts. */
  public InvalidInputException(String definition, List<Violation> violations) {
    this("input of " + definition, definition, violations, -1);
  }

  private InvalidInputException(
      String what, String definition, List<Violation> violations, int index) {
    super(what + " is refused: " + violations, null);
    this.definition = definition;
    this.violations = List.copyOf(violations);
    this.index = index;
  }

  /** The same, of one of many. */
  public InvalidInputException at(int position) {
    return new InvalidInputException(
        "input of " + definition + " at index " + position, definition, violations, position);
  }

  /** Which of many it was, the first at 0; empty where there was but one. */
  public OptionalInt index() {
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** The definition whose input it was to be. */
  public String definition() {
    return definition;
  }

  /** All that is wrong with it, at least one. */
  public List<Violation> violations() {
    return violations;
  }
}
