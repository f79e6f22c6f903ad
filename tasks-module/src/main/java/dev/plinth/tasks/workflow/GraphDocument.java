package dev.plinth.tasks.workflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Nodes and edges as the document that a workflow keeps; what is empty is left out. */
@SuppressWarnings("unchecked") // what write() wrote
final class GraphDocument {

  private GraphDocument() {}

  static Map<String, Object> write(Graph graph) {
    return Map.of(
        "nodes", graph.nodes().stream().map(GraphDocument::write).toList(),
        "edges", graph.edges().stream().map(GraphDocument::write).toList());
  }

  static List<Node> nodes(Map<String, Object> document) {
    return objects(document, "nodes").stream().map(GraphDocument::node).toList();
  }

  static List<Edge> edges(Map<String, Object> document) {
    return objects(document, "edges").stream().map(GraphDocument::edge).toList();
  }

  private static Map<String, Object> write(Node node) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("name", node.name());
    object.put("task", node.task());
    put(object, "input", node.input().isEmpty() ? null : node.input());
    put(object, "compensation", node.compensation());
    return object;
  }

  private static Map<String, Object> write(Edge edge) {
    EdgeTerms terms = edge.terms();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("from", edge.from());
    object.put("to", edge.to());
    object.put("condition", DependencyQueries.word(terms.condition()));
    put(object, "outputAs", terms.outputAs());
    put(object, "when", terms.when().isEmpty() ? null : terms.when());
    return object;
  }

  private static Node node(Map<String, Object> object) {
    return new Node(
        text(object, "name"),
        text(object, "task"),
        object(object, "input"),
        (String) object.get("compensation"));
  }

  private static Edge edge(Map<String, Object> object) {
    EdgeCondition condition =
        EdgeCondition.valueOf(text(object, "condition").toUpperCase(Locale.ROOT));
    EdgeTerms terms =
        new EdgeTerms(condition, (String) object.get("outputAs"), object(object, "when"));
    return new Edge(text(object, "from"), text(object, "to"), terms);
  }

  private static List<Map<String, Object>> objects(Map<String, Object> document, String member) {
    return (List<Map<String, Object>>) Objects.requireNonNull(document.get(member), member);
  }

  private static Map<String, Object> object(Map<String, Object> object, String member) {
    Object value = object.get(member);
    return value == null ? Map.of() : (Map<String, Object>) value;
  }

  private static String text(Map<String, Object> object, String member) {
    return (String) Objects.requireNonNull(object.get(member), member);
  }

  private static void put(Map<String, Object> object, String member, @Nullable Object value) {
    if (value != null) {
      object.put(member, value);
    }
  }
}
