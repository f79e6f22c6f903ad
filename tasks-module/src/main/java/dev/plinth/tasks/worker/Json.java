package dev.plinth.tasks.worker;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** JSON of inputs and outputs. */
final class Json {

  /** What a task may come to at most, in bytes of UTF-8. */
  static final int MAX_OUTPUT = 1_000_000;

  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Json() {}

  static Map<String, Object> object(String json) {
    return Collections.unmodifiableMap(JsonMapper.shared().readValue(json, OBJECT));
  }

  static <T> T read(String json, Class<T> type) {
    try {
      return JsonMapper.shared().readValue(json, type);
    } catch (JacksonException e) {
      throw new PermanentFailureException("The input is no " + type.getName(), e);
    }
  }

  /**
   * Writes what a handler returned.
   *
   * @throws NoJsonException if it is none, or more than is kept
   */
  static @Nullable String write(@Nullable Object output) throws NoJsonException {
    if (output == null) {
      return null;
    }
    try {
      String json = JsonMapper.shared().writeValueAsString(output);
      if (json.length() > MAX_OUTPUT || json.getBytes(StandardCharsets.UTF_8).length > MAX_OUTPUT) {
        throw new NoJsonException("has more than " + MAX_OUTPUT + " bytes", null);
      }
      return json;
    } catch (JacksonException | StackOverflowError e) {
      throw new NoJsonException("cannot be written as JSON: " + e.getMessage(), e);
    }
  }

  /** What a handler returned cannot be kept. */
  static final class NoJsonException extends Exception {

    private static final long serialVersionUID = 1L;

    NoJsonException(String why, @Nullable Throwable cause) {
      super("What the handler returned " + why, cause);
    }
  }
}
