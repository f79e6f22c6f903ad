package dev.plinth.tasks.chat;

import dev.plinth.base.error.Require;

/**
 * A channel to be made.
 *
 * @param name lower-case letters and digits with single hyphens between, at most 63 characters
 * @param topic at most 1,000 characters, empty for none
 */
public record NewChannel(String name, String topic) {

  static final int TOPIC_LENGTH = 1_000;

  /** Checks the components. */
  public NewChannel {
    name = Require.slug("name", name);
    topic = Require.optionalText("topic", topic, TOPIC_LENGTH);
  }

  /** A channel without a topic. */
  public static NewChannel named(String name) {
    return new NewChannel(name, "");
  }

  /** The same with a topic. */
  public NewChannel topic(String text) {
    return new NewChannel(name, text);
  }
}
