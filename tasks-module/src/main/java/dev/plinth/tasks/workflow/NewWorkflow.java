package dev.plinth.tasks.workflow;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A graph of tasks, put together by its methods, each of which returns another one: {@code
 * NewWorkflow.dag("release").node(build).node(test).node(deploy).edge("build", "test").edge("test",
 * "deploy")}. Whether it fits together is looked at when it is defined or started.
 *
 * @param name lower-case letters, digits, dots, hyphens and underscores, a letter first, at most
 *     100 characters
 */
public record NewWorkflow(
    String name,
    WorkflowKind kind,
    FailurePolicy failurePolicy,
    List<Node> nodes,
    List<Edge> edges) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9._-]*");
  private static final int NAME_LENGTH = 100;

  /** Checks the name. */
  public NewWorkflow {
    if (!NAME.matcher(Require.text("name", name, NAME_LENGTH)).matches()) {
      throw new InvalidValueException(
          "name",
          "must be lower-case letters, digits, dots, hyphens and underscores, a letter first: "
              + name);
    }
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** A graph without anything yet, which stops when something fails. */
  public static NewWorkflow dag(String name) {
    return new NewWorkflow(name, WorkflowKind.DAG, FailurePolicy.STOP, List.of(), List.of());
  }

  /** One after the other, each if the one before succeeded. */
  public static NewWorkflow sequence(String name, Node... nodes) {
    List<Edge> edges = new ArrayList<>();
    for (int i = 1; i < nodes.length; i++) {
      edges.add(Edge.of(nodes[i - 1].name(), nodes[i].name()));
    }
    return new NewWorkflow(name, WorkflowKind.SEQUENCE, FailurePolicy.STOP, List.of(nodes), edges);
  }

  /** All at once. */
  public static NewWorkflow parallel(String name, Collection<Node> nodes) {
    return new NewWorkflow(
        name, WorkflowKind.PARALLEL, FailurePolicy.STOP, List.copyOf(nodes), List.of());
  }

  /** The same with another policy. */
  public NewWorkflow onFailure(FailurePolicy policy) {
    return new NewWorkflow(name, kind, policy, nodes, edges);
  }

  /** The same with one more node. */
  public NewWorkflow node(Node node) {
    return nodes(List.of(node));
  }

  /** The same with more nodes. */
  public NewWorkflow nodes(Collection<Node> more) {
    List<Node> all = new ArrayList<>(nodes);
    all.addAll(more);
    return new NewWorkflow(name, kind, failurePolicy, all, edges);
  }

  /** The same with one more edge, which waits for success. */
  public NewWorkflow edge(String from, String to) {
    return edge(Edge.of(from, to));
  }

  /** The same with one more edge. */
  public NewWorkflow edge(Edge edge) {
    return edges(List.of(edge));
  }

  /** The same with more edges. */
  public NewWorkflow edges(Collection<Edge> more) {
    List<Edge> all = new ArrayList<>(edges);
    all.addAll(more);
    return new NewWorkflow(name, WorkflowKind.DAG, failurePolicy, nodes, all);
  }

  /** The same, several nodes waiting for the success of one. */
  public NewWorkflow fanOut(String from, Collection<String> to) {
    return edges(to.stream().map(each -> Edge.of(from, each)).toList());
  }

  /** The same, one node waiting for the success of several. */
  public NewWorkflow fanIn(Collection<String> from, String to) {
    return edges(from.stream().map(each -> Edge.of(each, to)).toList());
  }
}
