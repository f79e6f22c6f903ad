package dev.plinth.tasks.chat;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/**
 * What a message says, and who is to be told so. Whom the words name with an {@code @} is the
 * host's to read: members are mentioned by their ids.
 *
 * @param body at most 10,000 characters; empty only beside a file
 * @param mentions members that may see the message, at most 100
 */
public record MessageText(String body, Set<UUID> mentions) {

  private static final int BODY_LENGTH = 10_000;
  private static final int MOST_MENTIONS = 100;

  /** Checks the components. */
  public MessageText {
    body = Require.optionalText("body", body, BODY_LENGTH);
    mentions = Set.copyOf(mentions);
    if (mentions.size() > MOST_MENTIONS) {
      throw new InvalidValueException("mentions", "must not be more than " + MOST_MENTIONS);
    }
  }

  /** A text that mentions nobody. */
  public static MessageText of(String body) {
    return new MessageText(body, Set.of());
  }

  /** The same, mentioning one more member. */
  public MessageText mentioning(UUID user) {
    Set<UUID> more = new LinkedHashSet<>(mentions);
    more.add(user);
    return new MessageText(body, more);
  }

  /** The same if it says something. */
  MessageText required() {
    if (body.isBlank()) {
      throw new InvalidValueException("body", "is required and must not be blank");
    }
    return this;
  }
}
