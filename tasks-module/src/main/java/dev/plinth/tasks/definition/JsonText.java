package dev.plinth.tasks.definition;

import dev.plinth.tasks.definition.InvalidInputException.Violation;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Objects as the text of JSON that PostgreSQL takes for jsonb, not longer than a limit. */
final class JsonText {

  /** What is no number is written as what is no JSON, not as a string that looks like it. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();

  private JsonText() {}

  /**
   * Writes an object.
   *
   * @throws InvalidInputException if it cannot be written, or not be stored
   */
  static String of(String definition, Map<String, Object> object, int longest) {
    Text text = new Text(longest);
    try {
      JSON.writeValue(text, object);
    } catch (JacksonException | StackOverflowError e) {
      throw refusal(definition, text.full ? tooLong(longest) : "cannot be written as JSON");
    }
    String json = text.toString();
    requireStorable(definition, json);
    return json;
  }

  static JsonNode tree(String json) {
    return JSON.readTree(json);
  }

  static InvalidInputException refusal(String definition, String message) {
    return new InvalidInputException(definition, List.of(new Violation("$", message)));
  }

  /** Looks closely only where something could be wrong. */
  private static void requireStorable(String definition, String json) {
    if (json.contains("\\u0000") && hasZero(JSON.readTree(json))) {
      throw refusal(definition, "must not contain the character 0");
    }
    if (hasLoneSurrogate(json)) {
      throw refusal(definition, "must not contain half of a surrogate pair");
    }
    if (json.contains("NaN") || json.contains("Infinity")) {
      requireNumbers(definition, json);
    }
  }

  private static void requireNumbers(String definition, String json) {
    try {
      JSON.readTree(json);
    } catch (JacksonException e) {
      throw refusal(definition, "must not contain what is no number");
    }
  }

  private static boolean hasZero(JsonNode node) {
    if (node.isString()) {
      return node.stringValue().indexOf(0) >= 0;
    }
    return node.propertyNames().stream().anyMatch(name -> name.indexOf(0) >= 0)
        || node.values().stream().anyMatch(JsonText::hasZero);
  }

  private static boolean hasLoneSurrogate(String json) {
    for (int i = 0; i < json.length(); i++) {
      if (Character.isSurrogate(json.charAt(i))) {
        if (i + 1 == json.length()
            || !Character.isSurrogatePair(json.charAt(i), json.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static String tooLong(int longest) {
    return "must not be longer than " + longest + " characters of JSON";
  }

  /** Does not take in what nobody will keep. */
  private static final class Text extends Writer {

    private final StringBuilder text = new StringBuilder(128);
    private final int longest;
    private boolean full;

    Text(int longest) {
      this.longest = longest;
    }

    @Override
    public void write(char[] from, int offset, int length) {
      if (text.length() + length > longest) {
        full = true;
        throw new IllegalStateException("full");
      }
      text.append(from, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
