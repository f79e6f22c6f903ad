package dev.plinth.tasks.definition;

import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.tasks.definition.InvalidInputException.Violation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A compiled JSON Schema, draft 2020-12. It reads nothing from anywhere, and its checks end within
 * a limit of steps, whatever it says. Thread-safe.
 */
final class InputSchema {

  private static final String COMPONENT = "inputSchema";
  private static final int LONGEST = 100_000;
  private static final int REPORTED = 20;

  /** About a second. */
  private static final long STEPS = 2_000_000;

  private static final int DEPTH = 600;

  private static final String DRAFT = SpecificationVersion.DRAFT_2020_12.getDialectId();

  private static final ExecutionConfig EXECUTION =
      ExecutionConfig.builder().maxEvaluationSteps(STEPS).maxEvaluationDepth(DEPTH).build();

  private static final SchemaRegistryConfig CONFIG =
      SchemaRegistryConfig.builder()
          .locale(Locale.ENGLISH)
          .pathType(PathType.JSON_PATH)
          .regularExpressionFactory(BoundedPattern::new)
          .build();

  /** Without a cache, which would keep every schema for good. */
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry
                  .schemaRegistryConfig(CONFIG)
                  .schemaCacheEnabled(false)
                  .schemaLoader(
                      loader -> loader.allow(iri -> iri.toString().startsWith(draft("")))));

  private static final Schema META = REGISTRY.getSchema(SchemaLocation.of(DRAFT));

  private final Schema schema;

  private InputSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * Compiles a schema.
   *
   * @throws InvalidValueException if it is none of this draft, or refers to what is not in it
   */
  static InputSchema of(Map<String, Object> schema) {
    JsonNode tree = tree(schema);
    if (!draft("schema").equals(tree.path("$schema").asString(draft("schema")))) {
      throw new InvalidValueException(COMPONENT, "must be of draft 2020-12");
    }
    List<Violation> violations = violations(META, tree);
    if (!violations.isEmpty()) {
      throw new InvalidValueException(COMPONENT, "is no JSON Schema: " + violations);
    }
    return new InputSchema(compiled(tree));
  }

  /** What is wrong with an input, the first few. */
  List<Violation> violations(JsonNode input) {
    return violations(schema, input);
  }

  private static Schema compiled(JsonNode tree) {
    try {
      Schema schema = REGISTRY.getSchema(tree);
      schema.initializeValidators();
      return schema;
    } catch (SchemaException | IllegalArgumentException | StackOverflowError e) {
      throw new InvalidValueException(COMPONENT, "cannot be used: " + e.getMessage());
    }
  }

  private static List<Violation> violations(Schema schema, JsonNode node) {
    try {
      return schema.validate(node, run -> run.setExecutionConfig(EXECUTION)).stream()
          .limit(REPORTED)
          .map(error -> new Violation(error.getInstanceLocation().toString(), error.getMessage()))
          .toList();
    } catch (RuntimeException | StackOverflowError e) {
      // The library's ways to say that it goes no further: a limit, a reference, a pattern.
      return List.of(new Violation("$", "cannot be checked: " + e.getMessage()));
    }
  }

  private static JsonNode tree(Map<String, Object> schema) {
    try {
      return JsonText.tree(JsonText.of(COMPONENT, schema, LONGEST));
    } catch (InvalidInputException e) {
      throw new InvalidValueException(COMPONENT, e.violations().get(0).message());
    }
  }

  private static String draft(String document) {
    return "https://json-schema.org/draft/2020-12/" + document;
  }
}
