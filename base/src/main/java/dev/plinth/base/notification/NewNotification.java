package dev.plinth.base.notification;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that a user is to be told.
 *
 * @param user a member of the organization
 * @param type lower-case letters, digits, dots, hyphens and underscores, a letter first, at most
 *     100 characters
 * @param title 1 to 200 characters
 * @param message at most 5,000 characters, empty for none
 * @param subject what it is about, or null
 * @param dedupKey the user is told once for each, or null for every time; 1 to 200 characters
 */
public record NewNotification(
    UUID user,
    String type,
    String title,
    String message,
    @Nullable Subject subject,
    @Nullable String dedupKey) {

  private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9_.-]*");
  private static final int TYPE_LENGTH = 100;
  private static final int TITLE_LENGTH = 200;
  private static final int MESSAGE_LENGTH = 5_000;
  private static final int DEDUP_KEY_LENGTH = 200;

  /** Checks the components. */
  public NewNotification {
    type = Require.text("type", type, TYPE_LENGTH);
    if (!TYPE.matcher(type).matches()) {
      throw new InvalidValueException(
          "type", "must be lower-case letters, digits, dots, hyphens and underscores: " + type);
    }
    title = Require.text("title", title, TITLE_LENGTH);
    message = Require.optionalText("message", message, MESSAGE_LENGTH);
    dedupKey = dedupKey == null ? null : Require.text("dedupKey", dedupKey, DEDUP_KEY_LENGTH);
  }

  /** A notification of a title only. */
  public static NewNotification of(UUID user, String type, String title) {
    return new NewNotification(user, type, title, "", null, null);
  }

  /** The same with a message. */
  public NewNotification message(String text) {
    return new NewNotification(user, type, title, text, subject, dedupKey);
  }

  /** The same about something. */
  public NewNotification about(String subjectType, UUID subjectId) {
    Subject what = new Subject(subjectType, subjectId);
    return new NewNotification(user, type, title, message, what, dedupKey);
  }

  /** The same, told once for this key as long as the notification is kept. */
  public NewNotification onceFor(String key) {
    return new NewNotification(user, type, title, message, subject, key);
  }
}
