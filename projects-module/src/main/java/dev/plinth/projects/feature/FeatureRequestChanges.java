package dev.plinth.projects.feature;

import static dev.plinth.projects.jooq.Tables.FEATURE_REQUESTS;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a feature request; what is not named stays. Immutable: {@code
 * FeatureRequestChanges.none().assignee(bob).priority(Priority.HIGH)}.
 */
public final class FeatureRequestChanges {

  /** What a requester may change too, while it is proposed. */
  private static final Set<Field<?>> WORDS =
      Set.of(FEATURE_REQUESTS.TITLE, FEATURE_REQUESTS.DESCRIPTION, FEATURE_REQUESTS.METADATA);

  private final Map<Field<?>, @Nullable Object> assignments;

  private FeatureRequestChanges(Map<Field<?>, @Nullable Object> assignments) {
    this.assignments = Collections.unmodifiableMap(assignments);
  }

  /** Where to begin; {@link FeatureRequests#update} refuses it as it is. */
  public static FeatureRequestChanges none() {
    return new FeatureRequestChanges(Map.of());
  }

  /** Another title, 1 to 200 characters. */
  public FeatureRequestChanges title(String title) {
    return with(
        FEATURE_REQUESTS.TITLE, Require.text("title", title, NewFeatureRequest.TITLE_LENGTH));
  }

  /** Another description, empty for none. */
  public FeatureRequestChanges description(String text) {
    return with(
        FEATURE_REQUESTS.DESCRIPTION,
        Require.optionalText("description", text, NewFeatureRequest.DESCRIPTION_LENGTH));
  }

  /** Other metadata, in place of all that was there. */
  public FeatureRequestChanges metadata(Map<String, Object> metadata) {
    return with(FEATURE_REQUESTS.METADATA, new LinkedHashMap<>(metadata));
  }

  /** Part of another, in the same project; null for of none. */
  public FeatureRequestChanges partOf(@Nullable UUID whole) {
    return with(FEATURE_REQUESTS.PARENT_ID, whole);
  }

  /** Another priority. */
  public FeatureRequestChanges priority(Priority priority) {
    return with(FEATURE_REQUESTS.PRIORITY, priority);
  }

  /** Another member who does it; null for nobody. */
  public FeatureRequestChanges assignee(@Nullable UUID user) {
    return with(FEATURE_REQUESTS.ASSIGNEE_ID, user);
  }

  /** Another deadline; null for none. */
  public FeatureRequestChanges deadline(@Nullable LocalDate day) {
    return with(FEATURE_REQUESTS.DEADLINE, day);
  }

  /** Another estimate, 0 to 10. */
  public FeatureRequestChanges complexity(int estimate) {
    return with(FEATURE_REQUESTS.COMPLEXITY, NewFeatureRequest.checkedComplexity(estimate));
  }

  Map<Field<?>, @Nullable Object> assignments() {
    if (assignments.isEmpty()) {
      throw new InvalidValueException("changes", "must name something to change");
    }
    return assignments;
  }

  /** Whether it says what only who works on the project decides. */
  boolean plans() {
    return !WORDS.containsAll(assignments.keySet());
  }

  Optional<UUID> newAssignee() {
    return Optional.ofNullable((UUID) assignments.get(FEATURE_REQUESTS.ASSIGNEE_ID));
  }

  private FeatureRequestChanges with(Field<?> field, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> more = new LinkedHashMap<>(assignments);
    more.put(field, value);
    return new FeatureRequestChanges(more);
  }
}
