package dev.plinth.tasks.definition;

import dev.plinth.tasks.definition.InvalidInputException.Violation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What makes inputs of one definition: its defaults and its schema, compiled. Thread-safe. */
public final class InputRules {

  /** The longest input, in characters of JSON. */
  public static final int LONGEST_INPUT = 1_000_000;

  /** Many: those of many organizations are the same, and each is a few kilobytes. */
  private static final int SCHEMAS = 1000;

  private static final Map<Map<String, Object>, InputSchema> COMPILED =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(
                Map.Entry<Map<String, Object>, InputSchema> eldest) {
              return size() > SCHEMAS;
            }
          });

  private final String definition;
  private final Map<String, Object> defaults;
  private final @Nullable InputSchema schema;

  private InputRules(
      String definition, Map<String, Object> defaults, @Nullable InputSchema schema) {
    this.definition = definition;
    this.defaults = defaults;
    this.schema = schema;
  }

  /** Those of a definition. A schema is compiled once, however many organizations have it. */
  public static InputRules of(TaskDefinition definition) {
    return of(definition.name(), definition.defaultInput(), definition.inputSchemaOrNull());
  }

  private static InputRules of(
      String definition, Map<String, Object> defaults, @Nullable Map<String, Object> schema) {
    return new InputRules(
        definition,
        defaults,
        schema == null ? null : COMPILED.computeIfAbsent(schema, InputSchema::of));
  }

  /**
   * Checks an input that is stored already: one that outputs of other tasks were put into.
   *
   * @throws InvalidInputException if it does not keep to the schema
   */
  public static void check(String definition, Map<String, Object> schema, String json) {
    of(definition, Map.of(), schema).check(json);
  }

  /**
   * The input that is stored: the defaults, overlaid by what is given, as JSON.
   *
   * @throws InvalidInputException if it is no JSON, too long, or does not keep to the schema
   */
  public String json(Map<String, Object> given) {
    String json = JsonText.of(definition, overlaid(given), LONGEST_INPUT);
    check(json);
    return json;
  }

  private void check(String json) {
    if (schema != null) {
      List<Violation> violations = schema.violations(JsonText.tree(json));
      if (!violations.isEmpty()) {
        throw new InvalidInputException(definition, violations);
      }
    }
  }

  private Map<String, Object> overlaid(Map<String, Object> given) {
    if (defaults.isEmpty()) {
      return given;
    }
    Map<String, Object> all = new LinkedHashMap<>(defaults);
    all.putAll(given);
    return all;
  }
}
