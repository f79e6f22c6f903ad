package dev.plinth.tasks.workflow;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an edge waits for and what it carries: {@code EdgeTerms.success().when("approved",
 * true).outputAs("review")}.
 *
 * @param outputAs under which member of the successor's input the predecessor's output is put, at
 *     most 100 characters; or null for nowhere
 * @param when what the predecessor's output has to contain, or the successor is skipped; empty for
 *     any output. Members are compared as PostgreSQL's {@code @>} does: equal, for what is neither
 *     an object nor an array. Only with {@link EdgeCondition#SUCCESS}
 */
public record EdgeTerms(
    EdgeCondition condition, @Nullable String outputAs, Map<String, Object> when) {

  private static final int MEMBER_LENGTH = 100;

  /** Checks the components. */
  public EdgeTerms {
    outputAs = outputAs == null ? null : Require.text("outputAs", outputAs, MEMBER_LENGTH);
    when = Collections.unmodifiableMap(new LinkedHashMap<>(when));
    if (condition != EdgeCondition.SUCCESS && !when.isEmpty()) {
      throw new InvalidValueException("when", "goes with the condition success alone");
    }
  }

  /** That the predecessor succeeded. */
  public static EdgeTerms success() {
    return new EdgeTerms(EdgeCondition.SUCCESS, null, Map.of());
  }

  /** That the predecessor ended, however. */
  public static EdgeTerms completion() {
    return new EdgeTerms(EdgeCondition.COMPLETION, null, Map.of());
  }

  /** That the predecessor is dead. */
  public static EdgeTerms failure() {
    return new EdgeTerms(EdgeCondition.FAILURE, null, Map.of());
  }

  /** The same, with the output as a member of the successor's input. */
  public EdgeTerms outputAs(String member) {
    return new EdgeTerms(condition, member, when);
  }

  /** The same, only if a member of the output is equal to a value. */
  public EdgeTerms when(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(when);
    more.put(member, value);
    return new EdgeTerms(condition, outputAs, more);
  }
}
