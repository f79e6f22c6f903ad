package dev.plinth.base.notification;

import dev.plinth.base.error.Require;
import java.util.UUID;

/**
 * What a notification is about.
 *
 * @param type such as {@code project}, 1 to 100 characters
 */
public record Subject(String type, UUID id) {

  private static final int TYPE_LENGTH = 100;

  /** Checks the type. */
  public Subject {
    type = Require.text("subject", type, TYPE_LENGTH);
  }
}
