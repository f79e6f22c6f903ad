package dev.plinth.tasks.chat;

import static dev.plinth.tasks.jooq.Tables.CHAT_CHANNELS;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a channel; what is not named stays. Immutable: {@code
 * ChannelChanges.none().name("design").topic("How it looks")}.
 */
public final class ChannelChanges {

  private final Map<Field<?>, @Nullable Object> assignments;

  private ChannelChanges(Map<Field<?>, @Nullable Object> assignments) {
    this.assignments = Collections.unmodifiableMap(assignments);
  }

  /** Where to begin; {@link Channels#update} refuses it as it is. */
  public static ChannelChanges none() {
    return new ChannelChanges(Map.of());
  }

  /** Another name, as of {@link NewChannel}. */
  public ChannelChanges name(String name) {
    return with(CHAT_CHANNELS.NAME, Require.slug("name", name));
  }

  /** Another topic, empty for none. */
  public ChannelChanges topic(String text) {
    return with(CHAT_CHANNELS.TOPIC, Require.optionalText("topic", text, NewChannel.TOPIC_LENGTH));
  }

  Map<Field<?>, @Nullable Object> assignments() {
    if (assignments.isEmpty()) {
      throw new InvalidValueException("changes", "must name something to change");
    }
    return assignments;
  }

  private ChannelChanges with(Field<?> field, @Nullable Object value) {
    Map<Field<?>, @Nullable Object> more = new LinkedHashMap<>(assignments);
    more.put(field, value);
    return new ChannelChanges(more);
  }
}
