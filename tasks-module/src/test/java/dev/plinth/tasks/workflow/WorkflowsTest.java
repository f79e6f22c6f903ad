package dev.plinth.tasks.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(TasksModule.class)
class WorkflowsTest {

  private static final NewWorkflow RELEASE =
      NewWorkflow.dag("release")
          .node(Node.of("deploy", "work").undoneBy("undo"))
          .node(Node.of("build", "work").input(Map.of("target", "jar")))
          .node(Node.of("test", "work"))
          .edge(Edge.of("build", "test").on(EdgeTerms.success().outputAs("artifact")))
          .edge(Edge.of("test", "deploy").on(EdgeTerms.success().when("passed", true)))
          .onFailure(FailurePolicy.COMPENSATE);

  private Plinth plinth;
  private Workflows workflows;
  private Member alice;

  @BeforeEach
  void prepare(Plinth plinth, Workflows workflows, Organization acme, Member alice) {
    this.plinth = plinth;
    this.workflows = workflows;
    this.alice = alice;
    plinth
        .as(alice)
        .run(
            tx -> {
              ByHand.define(tx, "work");
              ByHand.define(tx, "undo");
            });
  }

  @Test
  void aWorkflowIsStoredAsItWasSaidWithItsNodesInOrder() {
    Workflow stored = define(RELEASE);

    assertThat(stored.nodes()).extracting(Node::name).containsExactly("build", "test", "deploy");
    assertThat(stored.nodes()).containsExactlyInAnyOrderElementsOf(RELEASE.nodes());
    assertThat(stored.edges()).isEqualTo(RELEASE.edges());
    assertThat(stored.failurePolicy()).isEqualTo(FailurePolicy.COMPENSATE);
    Workflow read = plinth.as(alice).read(tx -> workflows.get(tx, "release"));
    assertThat(read).isEqualTo(stored);
  }

  @Test
  void sayingTheSameAgainChangesNothing() {
    Workflow stored = define(RELEASE);

    assertThat(define(RELEASE)).isEqualTo(stored);
    Workflow changed = define(RELEASE.onFailure(FailurePolicy.STOP));
    assertThat(changed.id()).isEqualTo(stored.id());
    assertThat(changed.version()).isEqualTo(2);
  }

  @Test
  void aCycleIsRefusedWithTheNamesOnItsPath() {
    NewWorkflow cyclic =
        NewWorkflow.sequence("cyclic", node("a"), node("b"), node("c"), node("d")).edge("d", "b");

    assertThatThrownBy(() -> define(cyclic))
        .isInstanceOfSatisfying(
            WorkflowCycleException.class,
            cycle -> {
              assertThat(cycle.path()).hasSize(4).contains("b", "c", "d").doesNotContain("a");
              assertThat(cycle.path().get(0)).isEqualTo(cycle.path().get(3));
              int b = cycle.path().indexOf("b");
              assertThat(cycle.path().get(b + 1)).isEqualTo("c");
            });
    assertThatThrownBy(() -> define(NewWorkflow.dag("self").node(node("a")).edge("a", "a")))
        .isInstanceOfSatisfying(
            WorkflowCycleException.class,
            cycle -> assertThat(cycle.path()).containsExactly("a", "a"));
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    assertThatThrownBy(() -> define(NewWorkflow.dag("empty")))
        .isInstanceOf(InvalidWorkflowException.class);
    assertThatThrownBy(() -> define(NewWorkflow.dag("twice").node(node("a")).node(node("a"))))
        .isInstanceOf(InvalidWorkflowException.class)
        .hasMessageContaining("two nodes a");
    assertThatThrownBy(() -> define(NewWorkflow.dag("nowhere").node(node("a")).edge("a", "b")))
        .isInstanceOf(InvalidWorkflowException.class)
        .hasMessageContaining("no node b");
    assertThatThrownBy(
            () -> define(NewWorkflow.sequence("doubled", node("a"), node("b")).edge("a", "b")))
        .isInstanceOf(InvalidWorkflowException.class)
        .hasMessageContaining("two edges a > b");
    assertThatThrownBy(() -> define(NewWorkflow.dag("unknown").node(Node.of("a", "no-such"))))
        .isInstanceOfSatisfying(
            NotFoundException.class,
            missing -> assertThat(missing.what()).isEqualTo("task_definition"));
    assertThatThrownBy(() -> define(NewWorkflow.dag("unknown").node(node("a").undoneBy("no-such"))))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> NewWorkflow.dag("No good")).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Node.of("a b", "work")).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> EdgeTerms.completion().when("a", 1))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void graphsFanOutAndIn() {
    NewWorkflow diamond =
        NewWorkflow.dag("diamond")
            .nodes(List.of(node("d"), node("c"), node("b"), node("a")))
            .fanOut("a", List.of("b", "c"))
            .fanIn(List.of("b", "c"), "d");

    List<String> order = define(diamond).nodes().stream().map(Node::name).toList();

    assertThat(order).startsWith("a").endsWith("d").hasSize(4);
  }

  @Test
  void deletedOnesAreGoneAndTheNameIsFree() {
    Workflow stored = define(RELEASE);
    plinth.as(alice).run(tx -> workflows.delete(tx, "release"));

    assertThatThrownBy(() -> plinth.as(alice).read(tx -> workflows.get(tx, "release")))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> plinth.as(alice).run(tx -> workflows.delete(tx, "release")))
        .isInstanceOf(NotFoundException.class);
    assertThat(define(RELEASE).id()).isNotEqualTo(stored.id());
  }

  @Test
  void workflowsAreListedByName() {
    define(NewWorkflow.sequence("b", node("x")));
    define(NewWorkflow.sequence("a", node("x")));
    define(NewWorkflow.sequence("c", node("x")));

    Page<Workflow> first = plinth.as(alice).read(tx -> workflows.list(tx, PageRequest.first(2)));
    String cursor = first.next().orElseThrow();
    Page<Workflow> second =
        plinth.as(alice).read(tx -> workflows.list(tx, PageRequest.after(cursor, 2)));

    assertThat(first.items()).extracting(Workflow::name).containsExactly("a", "b");
    assertThat(second.items()).extracting(Workflow::name).containsExactly("c");
  }

  @Test
  void viewersDefineAndStartNothing(Organization acme, @Role(MemberRole.VIEWER) Member bob) {
    define(RELEASE);

    assertThatThrownBy(() -> plinth.as(bob).run(tx -> workflows.define(tx, RELEASE)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> workflows.start(tx, "release", Map.of())))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> workflows.delete(tx, "release")))
        .isInstanceOf(AccessDeniedException.class);
  }

  private Workflow define(NewWorkflow workflow) {
    return plinth.as(alice).call(tx -> workflows.define(tx, workflow));
  }

  private static Node node(String name) {
    return Node.of(name, "work");
  }
}
