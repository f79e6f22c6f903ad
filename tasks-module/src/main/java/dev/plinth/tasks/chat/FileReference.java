package dev.plinth.tasks.chat;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;

/**
 * A file that the host keeps.
 *
 * @param name 1 to 255 characters
 * @param url absolute, at most 2,000 characters
 */
public record FileReference(String name, String url) {

  private static final int NAME_LENGTH = 255;

  /** Checks the components. */
  public FileReference {
    name = Require.text("name", name, NAME_LENGTH);
    String checked = Require.url("url", url);
    if (checked == null) {
      throw new InvalidValueException("url", "is required");
    }
  }
}
