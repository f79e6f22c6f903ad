package dev.plinth.tasks.workflow;

/**
 * That one node of a workflow waits for another.
 *
 * @param from the node that comes first
 * @param to the node that waits
 * @param terms what for
 */
public record Edge(String from, String to, EdgeTerms terms) {

  /** An edge that waits for success. */
  public static Edge of(String from, String to) {
    return new Edge(from, to, EdgeTerms.success());
  }

  /** The same on other terms. */
  public Edge on(EdgeTerms other) {
    return new Edge(from, to, other);
  }
}
