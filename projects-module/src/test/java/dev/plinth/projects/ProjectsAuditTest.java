package dev.plinth.projects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.audit.AuditAction;
import dev.plinth.base.audit.AuditEntry;
import dev.plinth.base.audit.AuditFilter;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Project;
import dev.plinth.projects.project.ProjectStatus;
import dev.plinth.projects.project.Projects;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.projects.repository.Repositories;
import dev.plinth.testing.PlinthTest;
import java.util.List;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class ProjectsAuditTest {

  @Test
  void projectsTheirMembersAndRepositoriesAreAudited(
      Plinth plinth,
      Projects projects,
      Repositories repositories,
      Organization acme,
      Member alice) {
    plinth
        .as(alice)
        .run(
            tx -> {
              Project project = projects.create(tx, NewProject.named("Apollo"));
              projects.changeStatus(tx, project.id(), project.version(), ProjectStatus.ACTIVE);
              repositories.register(tx, NewRepository.of(Provider.GIT, "engine", "engine"));
            });

    assertThat(entries(plinth, alice, "plinth_projects.projects"))
        .extracting(AuditEntry::action)
        .containsExactly(AuditAction.UPDATE, AuditAction.INSERT);
    assertThat(entries(plinth, alice, "plinth_projects.projects").get(0).after())
        .containsEntry("status", "active")
        .doesNotContainKey("name");
    assertThat(entries(plinth, alice, "plinth_projects.project_members")).hasSize(1);
    assertThat(entries(plinth, alice, "plinth_projects.repositories")).hasSize(1);
  }

  private static List<AuditEntry> entries(Plinth plinth, Member member, String table) {
    AuditFilter filter = AuditFilter.all().ofType(table);
    return plinth
        .as(member)
        .read(tx -> plinth.audit().list(tx, filter, PageRequest.first(10)))
        .items();
  }
}
