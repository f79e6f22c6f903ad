package dev.plinth.testing;

/**
 * Something that a contract found broken.
 *
 * @param rule which promise
 * @param object where
 * @param detail what is wrong
 */
public record Finding(String rule, String object, String detail) {

  @Override
  public String toString() {
    return object + ": " + detail + " [" + rule + "]";
  }
}
