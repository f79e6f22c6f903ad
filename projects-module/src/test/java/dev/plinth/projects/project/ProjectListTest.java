package dev.plinth.projects.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class ProjectListTest {

  private Plinth plinth;
  private Projects projects;
  private Member alice;

  @BeforeEach
  void prepare(Plinth plinth, Projects projects, Organization acme, Member alice) {
    this.plinth = plinth;
    this.projects = projects;
    this.alice = alice;
  }

  @Test
  void pagesByKeyHoldEveryProjectOnce() {
    List<Project> all =
        IntStream.range(0, 7).mapToObj(i -> create(NewProject.named("Apollo"))).toList();

    assertThat(pages(ProjectFilter.all(), 3)).containsExactlyElementsOf(all);
  }

  @Test
  void aFilterHoldsOnEveryPage(Organization acme, Member alice, Member bob) {
    create(NewProject.named("Apollo"));
    List<Project> active =
        IntStream.range(0, 3)
            .mapToObj(i -> create(NewProject.named("Gemini").status(ProjectStatus.ACTIVE)))
            .toList();
    Project bobs = create(NewProject.named("Vostok").ownedBy(bob.userId()));

    assertThat(pages(ProjectFilter.all().status(ProjectStatus.ACTIVE), 2))
        .containsExactlyElementsOf(active);
    assertThat(pages(ProjectFilter.all().ownedBy(bob.userId()), 2)).containsExactly(bobs);
  }

  @Test
  void theCursorOfAnotherListFilterOrOrganizationIsRefused(Organization globex, Member carol) {
    create(NewProject.named("Apollo"));
    create(NewProject.named("Apollo"));
    String cursor =
        plinth.as(alice).read(tx -> projects.list(tx, PageRequest.first(1))).next().orElseThrow();

    assertThatThrownBy(
            () -> plinth.as(carol).read(tx -> projects.list(tx, PageRequest.after(cursor, 1))))
        .isInstanceOf(InvalidCursorException.class);
    ProjectFilter filter = ProjectFilter.all().status(ProjectStatus.PLANNING);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .read(tx -> projects.list(tx, filter, PageRequest.after(cursor, 1))))
        .isInstanceOf(InvalidCursorException.class);
    assertThatThrownBy(
            () -> plinth.as(alice).read(tx -> projects.overviews(tx, PageRequest.after(cursor, 1))))
        .isInstanceOf(InvalidCursorException.class);
  }

  private List<Project> pages(ProjectFilter filter, int limit) {
    List<Project> all = new ArrayList<>();
    PageRequest request = PageRequest.first(limit);
    while (true) {
      PageRequest now = request;
      Page<Project> page = plinth.as(alice).read(tx -> projects.list(tx, filter, now));
      all.addAll(page.items());
      if (page.next().isEmpty()) {
        return all;
      }
      request = PageRequest.after(page.next().get(), limit);
    }
  }

  private Project create(NewProject project) {
    return plinth.as(alice).call(tx -> projects.create(tx, project));
  }
}
