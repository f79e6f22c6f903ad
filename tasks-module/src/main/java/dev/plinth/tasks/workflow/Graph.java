package dev.plinth.tasks.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The nodes of a workflow in an order in which they can be done, and its edges by their place. */
final class Graph {

  /** So that one statement begins a run of it. */
  static final int MOST_NODES = 50_000;

  static final int MOST_EDGES = 500_000;

  private final NewWorkflow workflow;
  private final Map<String, Integer> places = new HashMap<>();
  private final List<List<Integer>> successors = new ArrayList<>();
  private final int[] waitsFor;
  private final int[] order;

  private Graph(NewWorkflow workflow) {
    this.workflow = workflow;
    this.waitsFor = new int[workflow.nodes().size()];
    this.order = new int[workflow.nodes().size()];
  }

  /**
   * Looks at whether it fits together.
   *
   * @throws InvalidWorkflowException if it has no node or too many, a name twice, or an edge twice
   *     or to nowhere
   * @throws WorkflowCycleException if a node would wait for itself
   */
  static Graph of(NewWorkflow workflow) {
    Graph graph = new Graph(workflow);
    graph.placeNodes();
    graph.placeEdges();
    graph.sort();
    return graph;
  }

  /** The nodes, each after all that it waits for. */
  List<Node> nodes() {
    return Arrays.stream(order).mapToObj(workflow.nodes()::get).toList();
  }

  /** Of each name its place among {@link #nodes()}, from 1. */
  Map<String, Integer> ordinals() {
    Map<String, Integer> ordinals = new HashMap<>();
    for (int i = 0; i < order.length; i++) {
      ordinals.put(workflow.nodes().get(order[i]).name(), i + 1);
    }
    return ordinals;
  }

  List<Edge> edges() {
    return workflow.edges();
  }

  private void placeNodes() {
    int size = workflow.nodes().size();
    if (size == 0 || size > MOST_NODES || workflow.edges().size() > MOST_EDGES) {
      throw invalid(
          "must have between 1 and " + MOST_NODES + " nodes and at most " + MOST_EDGES + " edges");
    }
    for (Node node : workflow.nodes()) {
      if (places.put(node.name(), places.size()) != null) {
        throw invalid("has two nodes " + node.name());
      }
      successors.add(new ArrayList<>());
    }
  }

  private void placeEdges() {
    Set<List<Integer>> known = new HashSet<>();
    for (Edge edge : workflow.edges()) {
      int from = place(edge, edge.from());
      int to = place(edge, edge.to());
      if (!known.add(List.of(from, to))) {
        throw invalid("has two edges " + edge.from() + " > " + edge.to());
      }
      successors.get(from).add(to);
      waitsFor[to]++;
    }
  }

  private int place(Edge edge, String node) {
    Integer place = places.get(node);
    if (place == null) {
      throw invalid("has an edge " + edge.from() + " > " + edge.to() + " but no node " + node);
    }
    return place;
  }

  /** Kahn's algorithm; what is left over waits, in the end, for itself. */
  private void sort() {
    int[] left = waitsFor.clone();
    ArrayDeque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < left.length; i++) {
      if (left[i] == 0) {
        free.add(i);
      }
    }
    int done = 0;
    for (Integer next = free.poll(); next != null; next = free.poll()) {
      order[done++] = next;
      for (int successor : successors.get(next)) {
        if (--left[successor] == 0) {
          free.add(successor);
        }
      }
    }
    if (done < left.length) {
      throw new WorkflowCycleException(workflow.name(), cycle(left));
    }
  }

  /** Backwards from any node that is left: one before it is left, too, so it comes back. */
  private List<String> cycle(int[] left) {
    Map<Integer, Integer> leftBefore = new HashMap<>();
    for (int from = 0; from < left.length; from++) {
      for (int to : successors.get(from)) {
        if (left[from] > 0 && left[to] > 0) {
          leftBefore.put(to, from);
        }
      }
    }
    List<Integer> path = new ArrayList<>();
    Integer at = leftBefore.keySet().iterator().next();
    while (at != null && !path.contains(at)) {
      path.add(at);
      at = leftBefore.get(at);
    }
    List<Integer> loop = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
    loop.add(at);
    Collections.reverse(loop);
    return loop.stream().map(place -> workflow.nodes().get(place).name()).toList();
  }

  private InvalidWorkflowException invalid(String problem) {
    return new InvalidWorkflowException(workflow.name(), problem);
  }
}
