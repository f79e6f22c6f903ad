package dev.plinth.projects.feature;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A feature request to be made. {@link #titled} is enough, and all that who does not work on the
 * project may say besides description and metadata.
 *
 * @param title 1 to 200 characters
 * @param description at most 20,000 characters, empty for none
 * @param parent what it is a part of, in the same project; or null
 * @param assignee a member, or null
 * @param complexity 0 to 10, or null
 * @param metadata the host's own
 */
public record NewFeatureRequest(
    String title,
    String description,
    @Nullable UUID parent,
    Priority priority,
    @Nullable UUID assignee,
    @Nullable LocalDate deadline,
    @Nullable Short complexity,
    Map<String, Object> metadata) {

  static final int TITLE_LENGTH = 200;
  static final int DESCRIPTION_LENGTH = 20_000;
  private static final int MOST_COMPLEX = 10;

  /** Checks the components. */
  public NewFeatureRequest {
    title = Require.text("title", title, TITLE_LENGTH);
    description = Require.optionalText("description", description, DESCRIPTION_LENGTH);
    complexity = complexity == null ? null : checkedComplexity(complexity);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A feature request of medium priority. */
  public static NewFeatureRequest titled(String title) {
    return new NewFeatureRequest(title, "", null, Priority.MEDIUM, null, null, null, Map.of());
  }

  /** The same with a description. */
  public NewFeatureRequest description(String text) {
    return new NewFeatureRequest(
        title, text, parent, priority, assignee, deadline, complexity, metadata);
  }

  /** The same as a part of another. */
  public NewFeatureRequest partOf(UUID whole) {
    return new NewFeatureRequest(
        title, description, whole, priority, assignee, deadline, complexity, metadata);
  }

  /** The same with another priority. */
  public NewFeatureRequest priority(Priority other) {
    return new NewFeatureRequest(
        title, description, parent, other, assignee, deadline, complexity, metadata);
  }

  /** The same with somebody who does it. */
  public NewFeatureRequest assignedTo(UUID user) {
    return new NewFeatureRequest(
        title, description, parent, priority, user, deadline, complexity, metadata);
  }

  /** The same with a deadline. */
  public NewFeatureRequest deadline(LocalDate day) {
    return new NewFeatureRequest(
        title, description, parent, priority, assignee, day, complexity, metadata);
  }

  /** The same with an estimate, 0 to 10. */
  public NewFeatureRequest complexity(int estimate) {
    short checked = checkedComplexity(estimate);
    return new NewFeatureRequest(
        title, description, parent, priority, assignee, deadline, checked, metadata);
  }

  /** The same with metadata. */
  public NewFeatureRequest metadata(Map<String, Object> hosts) {
    return new NewFeatureRequest(
        title, description, parent, priority, assignee, deadline, complexity, hosts);
  }

  /** Whether it says what only who works on the project decides. */
  boolean plans() {
    return priority != Priority.MEDIUM
        || parent != null
        || assignee != null
        || deadline != null
        || complexity != null;
  }

  static short checkedComplexity(int estimate) {
    if (estimate < 0 || estimate > MOST_COMPLEX) {
      throw new InvalidValueException("complexity", "must be between 0 and " + MOST_COMPLEX);
    }
    return (short) estimate;
  }
}
