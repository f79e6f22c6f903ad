package dev.plinth.tasks.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Where projects are installed too: work items name one that is there. */
@PlinthTest({TasksModule.class, ProjectsModule.class})
class WorkItemProjectsTest implements CatalogContract, MigrationContract {

  @Test
  void aWorkItemIsOfAProjectOfItsOrganizationOrOfNone(
      Plinth plinth,
      WorkItems items,
      Projects projects,
      Organization acme,
      Member alice,
      Organization globex,
      Member carol) {
    UUID apollo = plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
    UUID foreign =
        plinth.as(carol).call(tx -> projects.create(tx, NewProject.named("Gemini"))).id();

    NewWorkItem item = NewWorkItem.task("Paint");
    WorkItem made = plinth.as(alice).call(tx -> items.create(tx, item.project(apollo)));
    assertThat(made.project()).contains(apollo);
    for (UUID other : new UUID[] {foreign, UUID.randomUUID()}) {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> items.create(tx, item.project(other))))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(
              () ->
                  plinth
                      .as(alice)
                      .run(
                          tx ->
                              items.update(
                                  tx, made.id(), 1, WorkItemChanges.none().project(other))))
          .isInstanceOf(NotFoundException.class);
    }
    WorkItem freed =
        plinth
            .as(alice)
            .call(tx -> items.update(tx, made.id(), 1, WorkItemChanges.none().project(null)));
    assertThat(freed.project()).isEmpty();
  }
}
