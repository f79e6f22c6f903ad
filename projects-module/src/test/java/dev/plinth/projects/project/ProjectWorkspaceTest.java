package dev.plinth.projects.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.workspace.NewWorkspace;
import dev.plinth.base.workspace.Workspaces;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class ProjectWorkspaceTest {

  private Plinth plinth;
  private Projects projects;
  private Workspaces workspaces;
  private Member alice;
  private UUID design;

  @BeforeEach
  void prepare(
      Plinth plinth, Projects projects, Workspaces workspaces, Organization acme, Member alice) {
    this.plinth = plinth;
    this.projects = projects;
    this.workspaces = workspaces;
    this.alice = alice;
    this.design = workspace(alice, "design");
  }

  @Test
  void aProjectIsMadeInAWorkspaceAndMovedToAnother() {
    UUID sales = workspace(alice, "sales");
    Project made =
        plinth
            .as(alice)
            .call(tx -> projects.create(tx, NewProject.named("Apollo").inWorkspace(design)));
    Project without = plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Gemini")));
    assertThat(made.workspace()).contains(design);
    assertThat(without.workspace()).isEmpty();
    assertThat(in(design)).containsExactly(made);

    Project moved = change(made, ProjectChanges.none().workspace(sales));

    assertThat(moved.workspace()).contains(sales);
    assertThat(in(design)).isEmpty();
    assertThat(in(sales)).containsExactly(moved);
    assertThat(change(moved, ProjectChanges.none().workspace(null)).workspace()).isEmpty();
  }

  @Test
  void aProjectKeepsADeletedWorkspaceUntilItIsMoved() {
    Project made =
        plinth
            .as(alice)
            .call(tx -> projects.create(tx, NewProject.named("Apollo").inWorkspace(design)));

    plinth.as(alice).run(tx -> workspaces.delete(tx, design, 1));

    assertThat(in(design)).containsExactly(made);
    Project renamed = change(made, ProjectChanges.none().name("Gemini"));
    assertThat(renamed.workspace()).contains(design);
    Project other = plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Vostok")));
    assertThatThrownBy(() -> change(other, ProjectChanges.none().workspace(design)))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aWorkspaceIsOfTheSameOrganization(Organization globex, Member carol) {
    UUID theirs = workspace(carol, "theirs");
    Project made = plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo")));

    assertThatThrownBy(() -> change(made, ProjectChanges.none().workspace(theirs)))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(tx -> projects.create(tx, NewProject.named("A").inWorkspace(theirs))))
        .isInstanceOf(NotFoundException.class);
    String byHand = "UPDATE plinth_projects.projects SET workspace_id = ? WHERE id = ?";
    assertThatThrownBy(
            () -> plinth.as(alice).run(tx -> tx.dsl().execute(byHand, theirs, made.id())))
        .isInstanceOf(NotFoundException.class);
  }

  private UUID workspace(Member as, String slug) {
    return plinth.as(as).call(tx -> workspaces.create(tx, NewWorkspace.of(slug, slug))).id();
  }

  private Project change(Project project, ProjectChanges changes) {
    return plinth
        .as(alice)
        .call(tx -> projects.update(tx, project.id(), project.version(), changes));
  }

  private List<Project> in(UUID workspace) {
    return plinth
        .as(alice)
        .read(
            tx ->
                projects.list(
                    tx, ProjectFilter.all().inWorkspace(workspace), PageRequest.first(10)))
        .items();
  }
}
