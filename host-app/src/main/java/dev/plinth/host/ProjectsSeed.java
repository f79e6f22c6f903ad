package dev.plinth.host;

import dev.plinth.base.organization.Member;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Project;
import dev.plinth.projects.project.ProjectRole;
import dev.plinth.projects.project.ProjectStatus;
import dev.plinth.projects.repository.LinkRole;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.projects.repository.Repository;
import java.util.List;
import java.util.UUID;

/** Development data of projects: one in each state of its life, the running one with code. */
final class ProjectsSeed {

  private final Hosted hosted;
  private final ProjectsModule projects;
  private final Member owner;

  ProjectsSeed(Hosted hosted, Member owner) {
    this.hosted = hosted;
    this.projects = hosted.projects();
    this.owner = owner;
  }

  void plant(List<Member> members) throws Exception {
    try (SampleGit git = SampleGit.make()) {
      hosted
          .plinth()
          .as(owner)
          .run(
              tx -> {
                Project apollo = project(tx, "APOLLO", "Apollo", ProjectStatus.ACTIVE);
                project(tx, "MERCURY", "Mercury", ProjectStatus.COMPLETED);
                project(tx, "GEMINI", "Gemini", ProjectStatus.ON_HOLD);
                project(tx, "ARTEMIS", "Artemis", ProjectStatus.PLANNING);
                members.forEach(member -> join(tx, apollo.id(), member));
                Repository guidance = repository(tx);
                projects.repositories().link(tx, apollo.id(), guidance.id(), LinkRole.PRIMARY);
                projects.gitSync().sync(tx, guidance.id(), git.directory());
              });
    }
  }

  private Project project(TenantTx tx, String key, String name, ProjectStatus status) {
    return projects.projects().findByKey(tx, key).orElseGet(() -> make(tx, key, name, status));
  }

  private Project make(TenantTx tx, String key, String name, ProjectStatus status) {
    NewProject fresh = NewProject.named(name).key(key).priority(Priority.HIGH);
    Project made = projects.projects().create(tx, fresh.tags(List.of("demo")));
    if (status == ProjectStatus.PLANNING) {
      return made;
    }
    Project active = become(tx, made, ProjectStatus.ACTIVE);
    return status == ProjectStatus.ACTIVE ? active : become(tx, active, status);
  }

  private Project become(TenantTx tx, Project project, ProjectStatus status) {
    return projects.projects().changeStatus(tx, project.id(), project.version(), status);
  }

  private void join(TenantTx tx, UUID project, Member member) {
    boolean there =
        projects.projectMembers().list(tx, project, Seed.ALL).items().stream()
            .anyMatch(known -> known.userId().equals(member.userId()));
    if (!there && member.role() != MemberRole.OWNER) {
      ProjectRole role =
          member.role() == MemberRole.VIEWER ? ProjectRole.VIEWER : ProjectRole.CONTRIBUTOR;
      projects.projectMembers().add(tx, project, member.userId(), role);
    }
  }

  private Repository repository(TenantTx tx) {
    NewRepository guidance = NewRepository.of(Provider.GIT, "plinth-seed", "guidance");
    return projects.repositories().register(tx, guidance);
  }
}
