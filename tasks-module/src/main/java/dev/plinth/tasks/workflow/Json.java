package dev.plinth.tasks.workflow;

import dev.plinth.base.error.InvalidValueException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** JSON objects as the text that array parameters hold. */
final class Json {

  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private Json() {}

  static String text(String component, Map<String, Object> object) {
    try {
      return JsonMapper.shared().writeValueAsString(object);
    } catch (JacksonException e) {
      throw new InvalidValueException(component, "cannot be written as JSON: " + e.getMessage());
    }
  }

  static @Nullable String textOrNull(String component, Map<String, Object> object) {
    return object.isEmpty() ? null : text(component, object);
  }

  static Map<String, Object> object(@Nullable String text) {
    return text == null ? Map.of() : JsonMapper.shared().readValue(text, OBJECT);
  }
}
