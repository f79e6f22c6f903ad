package dev.plinth.tasks.definition;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of a kind of task. {@link #of} is enough; the rest is said where it differs.
 * Each method returns another one; immutable.
 */
public final class NewTaskDefinition {

  /** How long one attempt may take unless it is said. */
  public static final Duration TIMEOUT = Duration.ofMinutes(5);

  private static final Duration LONGEST = Duration.ofDays(7);
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]*");
  private static final Pattern HANDLER = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
  private static final int NAME_LENGTH = 100;

  private final String name;
  private final Work work;
  private final Data data;

  /** Who does it, where it waits and how it is tried. */
  record Work(
      String handler,
      String queue,
      Priority priority,
      Duration timeout,
      RetryPolicy retry,
      Limits limits) {}

  /** What it takes, needs and is, as objects of JSON. */
  record Data(
      @Nullable Map<String, Object> inputSchema,
      Map<String, Object> defaultInput,
      Map<String, Object> resourceRequirements,
      Map<String, Object> metadata) {}

  private NewTaskDefinition(String name, Work work, Data data) {
    this.name = name;
    this.work = work;
    this.data = data;
  }

  /**
   * A definition whose handler is called as it is itself, on the queue {@code default}, of medium
   * priority, with the {@linkplain RetryPolicy#standard standard} retries and without limits.
   *
   * @param name lower-case letters, digits, dots, hyphens and underscores, a letter first, at most
   *     100 characters
   */
  public static NewTaskDefinition of(String name) {
    String checked = checked("name", name, NAME);
    Work work =
        new Work(
            checked, Queues.DEFAULT, Priority.MEDIUM, TIMEOUT, RetryPolicy.standard(), Limits.NONE);
    return new NewTaskDefinition(checked, work, new Data(null, Map.of(), Map.of(), Map.of()));
  }

  /** The same, done by another function of the host. */
  public NewTaskDefinition handler(String function) {
    String checked = checked("handler", function, HANDLER);
    return with(w -> new Work(checked, w.queue, w.priority, w.timeout, w.retry, w.limits));
  }

  /** The same, waiting elsewhere. */
  public NewTaskDefinition queue(String waitingIn) {
    String checked = Queues.checked(waitingIn);
    return with(w -> new Work(w.handler, checked, w.priority, w.timeout, w.retry, w.limits));
  }

  /** The same, more or less urgent. */
  public NewTaskDefinition priority(Priority urgency) {
    return with(w -> new Work(w.handler, w.queue, urgency, w.timeout, w.retry, w.limits));
  }

  /** The same with another limit of how long one attempt takes, at most seven days. */
  public NewTaskDefinition timeout(Duration limit) {
    if (Require.positive("timeout", limit).compareTo(LONGEST) > 0 || limit.toMillis() < 1) {
      throw new InvalidValueException("timeout", "must be between a millisecond and seven days");
    }
    return with(w -> new Work(w.handler, w.queue, w.priority, limit, w.retry, w.limits));
  }

  /** The same, tried again otherwise. */
  public NewTaskDefinition retry(RetryPolicy policy) {
    return with(w -> new Work(w.handler, w.queue, w.priority, w.timeout, policy, w.limits));
  }

  /** The same, so many running at once at most. */
  public NewTaskDefinition atMost(int running) {
    return limits(new Limits(running, work.limits.runningPerKeyOrNull()));
  }

  /** The same, so many of one concurrency key running at once at most. */
  public NewTaskDefinition atMostPerKey(int running) {
    return limits(new Limits(work.limits.runningOrNull(), running));
  }

  private NewTaskDefinition limits(Limits limits) {
    return with(w -> new Work(w.handler, w.queue, w.priority, w.timeout, w.retry, limits));
  }

  /** The same, taking what keeps to a JSON Schema, draft 2020-12. */
  public NewTaskDefinition inputSchema(Map<String, Object> schema) {
    Map<String, Object> copy = copy(schema);
    return new NewTaskDefinition(
        name, work, new Data(copy, data.defaultInput, data.resourceRequirements, data.metadata));
  }

  /** The same with what an input has where the task does not say it. */
  public NewTaskDefinition defaultInput(Map<String, Object> members) {
    Map<String, Object> copy = copy(members);
    return new NewTaskDefinition(
        name, work, new Data(data.inputSchema, copy, data.resourceRequirements, data.metadata));
  }

  /** The same with what an attempt needs, in the host's words. */
  public NewTaskDefinition resourceRequirements(Map<String, Object> needs) {
    Map<String, Object> copy = copy(needs);
    return new NewTaskDefinition(
        name, work, new Data(data.inputSchema, data.defaultInput, copy, data.metadata));
  }

  /** The same with metadata. */
  public NewTaskDefinition metadata(Map<String, Object> hosts) {
    Map<String, Object> copy = copy(hosts);
    return new NewTaskDefinition(
        name, work, new Data(data.inputSchema, data.defaultInput, data.resourceRequirements, copy));
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  Work work() {
    return work;
  }

  Data data() {
    return data;
  }

  private NewTaskDefinition with(UnaryOperator<Work> change) {
    return new NewTaskDefinition(name, change.apply(work), data);
  }

  private static Map<String, Object> copy(Map<String, Object> object) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(object));
  }

  private static String checked(String component, String value, Pattern shape) {
    if (!shape.matcher(Require.text(component, value, NAME_LENGTH)).matches()) {
      String letters = shape == NAME ? "lower-case letters" : "letters";
      throw new InvalidValueException(
          component,
          "must be "
              + letters
              + ", digits, dots, hyphens and underscores, a letter first: "
              + value);
    }
    return value;
  }
}
