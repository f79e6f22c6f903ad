package dev.plinth.tasks.queue;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.notification.Subject;
import dev.plinth.base.sql.Priority;
import dev.plinth.tasks.definition.Queues;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task to be enqueued. {@link #of} is enough; the rest is said where it differs from what its
 * definition says. Each method returns another one; immutable.
 */
public final class NewTask {

  private static final int KEY_LENGTH = 200;
  private static final int NODE_LENGTH = 200;

  private final String definition;
  private final Map<String, Object> input;
  private final Turn turn;
  private final Origin origin;
  private final Keys keys;

  /** When its turn comes. */
  record Turn(
      @Nullable String queue,
      @Nullable Priority priority,
      @Nullable Instant notBefore,
      @Nullable Duration delay,
      @Nullable Instant deadline) {

    private static final Turn USUAL = new Turn(null, null, null, null, null);
  }

  /** What it is about, and part of. */
  record Origin(
      @Nullable Subject subject,
      @Nullable UUID project,
      @Nullable UUID run,
      @Nullable String node) {

    private static final Origin UNSAID = new Origin(null, null, null, null);
  }

  /** Which others it is not done beside, or again. */
  record Keys(
      @Nullable String concurrency, @Nullable String idempotency, @Nullable Duration window) {

    private static final Keys NONE = new Keys(null, null, null);
  }

  private NewTask(
      String definition, Map<String, Object> input, Turn turn, Origin origin, Keys keys) {
    this.definition = definition;
    this.input = input;
    this.turn = turn;
    this.origin = origin;
    this.keys = keys;
  }

  /** A task of a definition, with its default input, now. */
  public static NewTask of(String definition) {
    return new NewTask(definition, Map.of(), Turn.USUAL, Origin.UNSAID, Keys.NONE);
  }

  /** The same with an input; what it does not say, the definition's default input says. */
  public NewTask input(Map<String, Object> members) {
    Map<String, Object> copy = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    return new NewTask(definition, copy, turn, origin, keys);
  }

  /** The same, more or less urgent than its definition says. */
  public NewTask priority(Priority urgency) {
    return with(new Turn(turn.queue, urgency, turn.notBefore, turn.delay, turn.deadline));
  }

  /** The same, waiting elsewhere than its definition says. */
  public NewTask queue(String name) {
    String checked = Queues.checked(name);
    return with(new Turn(checked, turn.priority, turn.notBefore, turn.delay, turn.deadline));
  }

  /** The same, not before a time; one that is over means now. */
  public NewTask notBefore(Instant time) {
    return with(new Turn(turn.queue, turn.priority, time, null, turn.deadline));
  }

  /** The same, not before some time after it is enqueued. */
  public NewTask delay(Duration wait) {
    if (wait.isNegative()) {
      throw new InvalidValueException("delay", "must not be negative");
    }
    return with(new Turn(turn.queue, turn.priority, null, wait, turn.deadline));
  }

  /** The same, dead if nobody began it until then. */
  public NewTask deadline(Instant time) {
    Instant until = time.truncatedTo(ChronoUnit.MICROS);
    return with(new Turn(turn.queue, turn.priority, turn.notBefore, turn.delay, until));
  }

  /**
   * The same about something.
   *
   * @param type such as {@code repository}, 1 to 100 characters
   */
  public NewTask subject(String type, UUID id) {
    return with(new Origin(new Subject(type, id), origin.project, origin.run, origin.node));
  }

  /** The same for a project. */
  public NewTask project(UUID id) {
    return with(new Origin(origin.subject, id, origin.run, origin.node));
  }

  /**
   * The same as a part of the run of a workflow: workflows enqueue so.
   *
   * @param name what the workflow calls it, 1 to 200 characters
   */
  public NewTask partOf(UUID run, String name) {
    String checked = Require.text("node", name, NODE_LENGTH);
    return with(new Origin(origin.subject, origin.project, run, checked));
  }

  /**
   * The same, counted with those of its definition that have the same key where that is limited.
   */
  public NewTask concurrencyKey(String key) {
    String checked = Require.text("concurrencyKey", key, KEY_LENGTH);
    return with(new Keys(checked, keys.idempotency, keys.window));
  }

  /**
   * The same, once for this key in the organization, whatever its input: the earlier task is
   * returned instead.
   */
  public NewTask idempotencyKey(String key) {
    String checked = Require.text("idempotencyKey", key, KEY_LENGTH);
    return with(new Keys(keys.concurrency, checked, null));
  }

  /**
   * The same, once for this key in the organization, whatever its input, until some time after it
   * was enqueued.
   */
  public NewTask idempotencyKey(String key, Duration window) {
    String checked = Require.text("idempotencyKey", key, KEY_LENGTH);
    return with(new Keys(keys.concurrency, checked, Require.positive("window", window)));
  }

  /** The name of its definition. */
  public String definition() {
    return definition;
  }

  /** What it says of its input. */
  public Map<String, Object> input() {
    return input;
  }

  Turn turn() {
    return turn;
  }

  Origin origin() {
    return origin;
  }

  Keys keys() {
    return keys;
  }

  private NewTask with(Turn other) {
    return new NewTask(definition, input, other, origin, keys);
  }

  private NewTask with(Origin other) {
    return new NewTask(definition, input, turn, other, keys);
  }

  private NewTask with(Keys other) {
    return new NewTask(definition, input, turn, origin, other);
  }
}
