package dev.plinth.tasks.chat;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to be posted.
 *
 * @param text what it says; may be empty beside a file
 * @param file a file, or null
 * @param inReplyTo the id of a message of the same room, or null
 */
public record NewMessage(MessageText text, @Nullable FileReference file, @Nullable UUID inReplyTo) {

  /** Checks the components. */
  public NewMessage {
    text = file == null ? text.required() : text;
  }

  /** A message of words. */
  public static NewMessage saying(String body) {
    return new NewMessage(MessageText.of(body), null, null);
  }

  /** A file without words. */
  public static NewMessage file(FileReference file) {
    return new NewMessage(MessageText.of(""), file, null);
  }

  /** The same with other words and mentions. */
  public NewMessage text(MessageText other) {
    return new NewMessage(other, file, inReplyTo);
  }

  /** The same, mentioning one more member. */
  public NewMessage mentioning(UUID user) {
    return new NewMessage(text.mentioning(user), file, inReplyTo);
  }

  /** The same as an answer; to an answer, in the same thread. */
  public NewMessage inReplyTo(UUID message) {
    return new NewMessage(text, file, message);
  }
}
