package dev.plinth.tasks.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.InvalidInputException.Violation;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.queue.Task;
import dev.plinth.tasks.queue.TaskFilter;
import dev.plinth.tasks.queue.Tasks;
import dev.plinth.testing.PlinthTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@PlinthTest(TasksModule.class)
class InputSchemaTest {

  private Plinth plinth;
  private TaskDefinitions definitions;
  private Tasks tasks;
  private Member alice;

  @BeforeEach
  void who(
      Plinth plinth, TaskDefinitions definitions, Tasks tasks, Organization acme, Member alice) {
    this.plinth = plinth;
    this.definitions = definitions;
    this.tasks = tasks;
    this.alice = alice;
  }

  @Test
  void anInputThatBreaksTheSchemaIsRefusedWithThePath() {
    define(
        "clone",
        Map.of(
            "type", "object",
            "required", List.of("url"),
            "properties",
                Map.of(
                    "url", Map.of("type", "string", "pattern", "^https://"),
                    "depths", Map.of("type", "array", "items", Map.of("type", "integer")))));

    InvalidInputException refused =
        refusal("clone", Map.of("url", "ftp://x", "depths", List.of(1, "two")));

    assertThat(refused.definition()).isEqualTo("clone");
    assertThat(refused.violations())
        .extracting(Violation::path)
        .containsExactlyInAnyOrder("$.url", "$.depths[1]");
    assertThat(refusal("clone", Map.of()).violations().get(0).message()).contains("url");
    assertThat(enqueued("clone")).isEmpty();
  }

  @Test
  void theDefaultsBelongToTheInput() {
    plinth
        .as(alice)
        .call(
            tx ->
                definitions.define(
                    tx,
                    NewTaskDefinition.of("defaults")
                        .inputSchema(Map.of("required", List.of("a", "b")))
                        .defaultInput(Map.of("a", 1, "b", Map.of("c", 2)))));

    Task task =
        plinth
            .as(alice)
            .call(tx -> tasks.enqueue(tx, NewTask.of("defaults").input(Map.of("b", Map.of()))));

    assertThat(task.input()).isEqualTo(Map.of("a", 1, "b", Map.of()));
  }

  static Stream<Map<String, Object>> noSchemas() {
    return Stream.of(
        Map.of("type", "strnig"),
        Map.of("properties", Map.of("a", Map.of("required", true))),
        Map.of("pattern", "("),
        Map.of("$ref", "#/$defs/missing"),
        Map.of("$schema", "http://json-schema.org/draft-07/schema#"),
        Map.of("$ref", "classpath:draft-07/schema"),
        Map.of("$ref", "file:///etc/passwd"),
        Map.of("description", "x".repeat(100_001)),
        Map.of("const", Double.NaN));
  }

  @ParameterizedTest
  @MethodSource("noSchemas")
  void aMalformedSchemaIsRefused(Map<String, Object> schema) {
    assertThatThrownBy(() -> define("malformed", schema))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("inputSchema");

    assertThat(plinth.as(alice).read(tx -> definitions.findByName(tx, "malformed")).isPresent())
        .isFalse();
  }

  @Test
  void nothingIsFetchedFromAnywhere() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(1);
      String url = "http://127.0.0.1:" + server.getLocalPort() + "/schema.json";

      for (Map<String, Object> schema :
          List.<Map<String, Object>>of(
              Map.of("$ref", url),
              Map.of("$schema", url),
              Map.of("properties", Map.of("a", Map.of("$dynamicRef", url))),
              Map.of("$id", url, "$ref", "other.json"))) {
        assertThatThrownBy(() -> enqueueFor(schema))
            .isInstanceOfAny(InvalidValueException.class, InvalidInputException.class);
      }

      assertThatThrownBy(server::accept).isInstanceOf(java.net.SocketTimeoutException.class);
    }
  }

  @Test
  void aSchemaThatWouldNeverEndIsGivenUp() {
    define("endless", Map.of("$ref", "#"));
    define("backtracking", Map.of("properties", Map.of("a", Map.of("pattern", "^(x+x+)+y\\1$"))));
    define("explosive", explosive());

    assertThat(refusal("endless", Map.of()).violations().get(0).message())
        .startsWith("cannot be checked");
    assertThat(refusal("backtracking", Map.of("a", "x".repeat(50))).violations().get(0).message())
        .startsWith("cannot be checked");
    assertThat(refusal("explosive", Map.of()).violations().get(0).message())
        .startsWith("cannot be checked");
  }

  /** Does not let itself be written. */
  public static final class Failing {

    public String getName() {
      throw new IllegalStateException("no name");
    }
  }

  static Stream<Map<String, Object>> noJson() {
    Map<String, Object> itself = new HashMap<>();
    itself.put("self", itself);
    return Stream.of(
        Map.of("a", Double.NaN),
        Map.of("a", List.of(Float.POSITIVE_INFINITY)),
        Map.of("a", "x\u0000y"),
        Map.of("x\u0000y", 1),
        Map.of("a", "\ud800"),
        Map.of("a", new Object()),
        Map.of("a", new Failing()),
        itself,
        Map.of("a", "x".repeat(1_000_000)));
  }

  @ParameterizedTest
  @MethodSource("noJson")
  void whatIsNoJsonIsRefused(Map<String, Object> input) {
    plinth.as(alice).call(tx -> definitions.define(tx, NewTaskDefinition.of("free")));

    assertThat(refusal("free", input).violations()).isNotEmpty();

    assertThat(enqueued("free")).isEmpty();
  }

  @Test
  void ofManyItSaysWhichAndNoneIsWritten() {
    define("many", Map.of("required", List.of("path")));
    NewTask good = NewTask.of("many").input(Map.of("path", "/"));

    InvalidInputException refused =
        catchThrowableOfType(
            InvalidInputException.class,
            () ->
                plinth
                    .as(alice)
                    .call(tx -> tasks.enqueueAll(tx, List.of(good, NewTask.of("many"), good))));

    assertThat(refused).hasMessageContaining("many at index 1");
    assertThat(refused.index()).hasValue(1);
    assertThat(enqueued("many")).isEmpty();
  }

  @Test
  void whatOnlyLooksLikeItIsTaken() {
    plinth.as(alice).call(tx -> definitions.define(tx, NewTaskDefinition.of("looks")));
    Map<String, Object> input = new HashMap<>();
    input.put("a", "NaN and Infinity");
    input.put("b", "\\u0000");
    input.put("c", "\ud83d\ude00");
    input.put("d", null);

    Task task = plinth.as(alice).call(tx -> tasks.enqueue(tx, NewTask.of("looks").input(input)));

    assertThat(task.input()).isEqualTo(input);
  }

  private static Map<String, Object> explosive() {
    Map<String, Object> parts = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      Map<String, Object> next = Map.of("$ref", "#/$defs/d" + (i + 1));
      parts.put("d" + i, Map.of("allOf", List.of(next, next)));
    }
    parts.put("d40", Map.of("type", "object"));
    return Map.of("$defs", parts, "$ref", "#/$defs/d0");
  }

  private InvalidInputException refusal(String definition, Map<String, Object> input) {
    NewTask task = NewTask.of(definition).input(input);
    InvalidInputException refused =
        catchThrowableOfType(
            InvalidInputException.class,
            () -> plinth.as(alice).call(tx -> tasks.enqueue(tx, task)));
    assertThatThrownBy(() -> plinth.as(alice).call(tx -> tasks.enqueueAll(tx, List.of(task))))
        .isInstanceOf(InvalidInputException.class);
    return refused;
  }

  private List<Task> enqueued(String definition) {
    return plinth
        .as(alice)
        .read(tx -> tasks.list(tx, TaskFilter.all().definition(definition), PageRequest.first(10)))
        .items();
  }

  private void enqueueFor(Map<String, Object> schema) {
    define("remote", schema);
    plinth
        .as(alice)
        .run(tx -> tasks.enqueue(tx, NewTask.of("remote").input(Map.of("a", Map.of("b", 1)))));
  }

  private void define(String name, Map<String, Object> schema) {
    plinth
        .as(alice)
        .run(tx -> definitions.define(tx, NewTaskDefinition.of(name).inputSchema(schema)));
  }
}
