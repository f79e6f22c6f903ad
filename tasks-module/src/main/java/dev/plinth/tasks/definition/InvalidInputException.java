package dev.plinth.tasks.definition;

import dev.plinth.base.error.PlinthException;
import java.util.List;

/** What a task is given is not what its definition takes; nothing was written. */
public final class InvalidInputException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String definition;
  private final transient List<Violation> violations;

  /**
   * What is wrong with an input.
   *
   * @param path where, as a JSON path: {@code $.repository.url}
   * @param message what is expected there
   */
  public record Violation(String path, String message) {}

  /** Reports it with its facts. */
  public InvalidInputException(String definition, List<Violation> violations) {
    super("input of " + definition + " is refused: " + violations, null);
    this.definition = definition;
    this.violations = List.copyOf(violations);
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
