package dev.plinth.tasks.queue;

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
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.definition.TaskDefinitions;
import dev.plinth.testing.PlinthTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Where projects are installed too: tasks name one that is there. */
@PlinthTest({TasksModule.class, ProjectsModule.class})
class TaskProjectsTest {

  @Test
  void aTaskIsForAProjectOfItsOrganizationOrForNone(
      Plinth plinth,
      Tasks tasks,
      TaskDefinitions definitions,
      Projects projects,
      Organization acme,
      Member alice,
      Organization globex,
      Member carol) {
    UUID apollo = plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
    UUID foreign =
        plinth.as(carol).call(tx -> projects.create(tx, NewProject.named("Gemini"))).id();
    plinth.as(alice).run(tx -> definitions.define(tx, NewTaskDefinition.of("scan")));

    NewTask scan = NewTask.of("scan");
    Task made = plinth.as(alice).call(tx -> tasks.enqueue(tx, scan.project(apollo)));
    assertThat(made.projectId()).contains(apollo);
    for (UUID other : new UUID[] {foreign, UUID.randomUUID()}) {
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> tasks.enqueue(tx, scan.project(other))))
          .isInstanceOf(NotFoundException.class);
      List<NewTask> some = List.of(scan, scan.project(other));
      assertThatThrownBy(() -> plinth.as(alice).run(tx -> tasks.enqueueAll(tx, some)))
          .isInstanceOf(NotFoundException.class);
    }
  }
}
