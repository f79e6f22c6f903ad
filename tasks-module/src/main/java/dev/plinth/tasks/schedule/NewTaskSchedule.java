package dev.plinth.tasks.schedule;

import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A schedule to be made. {@link #of} is enough; the rest is said where it differs.
 *
 * @param name 1 to 100 characters, of no other schedule of the organization
 * @param definition the name of the definition that is enqueued for
 * @param input what its tasks are given; what it does not say, the definition's default input says
 * @param instantMember the member of the input that gets the instant a task is for, as ISO 8601 in
 *     UTC; or null for none
 * @param missedRuns what becomes of instants at which no worker ran
 * @param metadata the host's own
 */
public record NewTaskSchedule(
    String name,
    String definition,
    Recurrence recurrence,
    Map<String, Object> input,
    @Nullable String instantMember,
    MissedRunPolicy missedRuns,
    Map<String, Object> metadata) {

  static final int NAME_LENGTH = 100;

  /** Checks the components. */
  public NewTaskSchedule {
    name = Require.text("name", name, NAME_LENGTH);
    instantMember = Payload.checkedMember(instantMember);
    input = Collections.unmodifiableMap(new LinkedHashMap<>(input));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** With the definition's default input, and one task for all instants that are missed. */
  public static NewTaskSchedule of(String name, String definition, Recurrence recurrence) {
    return new NewTaskSchedule(
        name, definition, recurrence, Map.of(), null, MissedRunPolicy.ONE, Map.of());
  }

  /** The same with an input. */
  public NewTaskSchedule input(Map<String, Object> members) {
    return new NewTaskSchedule(
        name, definition, recurrence, members, instantMember, missedRuns, metadata);
  }

  /** The same; a member of the input is the instant that a task is for. */
  public NewTaskSchedule instantAs(String member) {
    return new NewTaskSchedule(name, definition, recurrence, input, member, missedRuns, metadata);
  }

  /** The same with another policy for what is missed. */
  public NewTaskSchedule missedRuns(MissedRunPolicy policy) {
    return new NewTaskSchedule(
        name, definition, recurrence, input, instantMember, policy, metadata);
  }

  /** The same with metadata. */
  public NewTaskSchedule metadata(Map<String, Object> hosts) {
    return new NewTaskSchedule(
        name, definition, recurrence, input, instantMember, missedRuns, hosts);
  }

  Payload payload() {
    return new Payload(definition, input, instantMember);
  }
}
