package dev.plinth.projects.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.feature.FeatureRequest;
import dev.plinth.projects.feature.FeatureRequests;
import dev.plinth.projects.feature.FeatureStatus;
import dev.plinth.projects.feature.NewFeatureRequest;
import dev.plinth.projects.git.GitSync;
import dev.plinth.projects.git.TestRepository;
import dev.plinth.projects.repository.LinkRole;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.projects.repository.Repositories;
import dev.plinth.projects.repository.Repository;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PlinthTest(ProjectsModule.class)
class ProjectOverviewTest {

  private static final LocalDate TODAY = LocalDate.of(2030, 6, 15);

  private Plinth plinth;
  private Projects projects;
  private ProjectMembers members;
  private Repositories repositories;
  private SettableClock clock;
  private Member alice;
  private Member bob;
  private Member carol;

  @BeforeEach
  void prepare(
      Plinth plinth,
      SettableClock clock,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    this.plinth = plinth;
    this.clock = clock;
    this.alice = alice;
    this.bob = bob;
    this.carol = carol;
    // The last minute of the day in UTC; in the test's and the pool's zones it is another day.
    clock.freezeAt(Instant.parse("2030-06-15T23:59:00Z"));
  }

  @BeforeEach
  void take(Projects projects, ProjectMembers members, Repositories repositories) {
    this.projects = projects;
    this.members = members;
    this.repositories = repositories;
  }

  @AfterEach
  void runTheClockAgain() {
    clock.reset();
  }

  @Test
  void severalRepositoriesAndSeveralMembersAreCountedOnceEach(GitSync sync, @TempDir Path git) {
    Project apollo = create(NewProject.named("Apollo"));
    Repository engine = linked(apollo, "engine");
    linked(apollo, "avionics");
    linked(apollo, "docs");
    add(apollo, bob);
    add(apollo, carol);
    try (TestRepository repository = TestRepository.init(git)) {
      repository.commit("first");
      repository.branch("a");
      repository.branch("b");
    }
    plinth.as(alice).run(tx -> sync.sync(tx, engine.id(), git));
    linked(create(NewProject.named("Gemini")), "other");

    ProjectOverview overview = overview(apollo.id());

    assertThat(overview.repositoryNames()).containsExactly("avionics", "docs", "engine");
    assertThat(overview.repositoryCount()).isEqualTo(3);
    assertThat(overview.memberCount()).isEqualTo(3);
    assertThat(overview.branchCount()).isEqualTo(3);
    assertThat(overview.ownerName()).contains(alice.displayName());
    assertThat(overview.key()).isEqualTo("APOLLO");
    assertThat(overview.status()).isEqualTo(ProjectStatus.PLANNING);
  }

  @Test
  void aProjectWithNothingHasZeros(Organization acme) {
    Project bare =
        plinth
            .asService(acme.id(), "importer")
            .call(tx -> projects.create(tx, NewProject.named("Bare")));

    ProjectOverview overview = overview(bare.id());

    assertThat(overview.repositoryNames()).isEmpty();
    assertThat(overview.repositoryCount()).isZero();
    assertThat(overview.branchCount()).isZero();
    assertThat(overview.memberCount()).isZero();
    assertThat(overview.ownerName()).isEmpty();
    assertThat(overview.overdue()).isFalse();
    assertThat(overview.daysToTarget()).isEmpty();
  }

  @Test
  void deletedRepositoriesAndMembersWhoLeftDoNotCount(Members organizationMembers) {
    Project apollo = create(NewProject.named("Apollo").ownedBy(bob.userId()));
    add(apollo, carol);
    Repository engine = linked(apollo, "engine");
    linked(apollo, "docs");
    plinth
        .as(alice)
        .run(
            tx -> {
              repositories.delete(tx, engine.id(), engine.version());
              organizationMembers.remove(tx, bob.userId(), bob.version());
            });

    ProjectOverview overview = overview(apollo.id());

    assertThat(overview.repositoryNames()).containsExactly("docs");
    assertThat(overview.repositoryCount()).isOne();
    assertThat(overview.memberCount()).isOne();
    assertThat(overview.ownerName()).contains(bob.displayName());
  }

  @Test
  void aProjectIsOverdueFromTheDayAfterItsTarget() {
    ProjectOverview due = overview(create(target(TODAY)).id());
    ProjectOverview overdue = overview(create(target(TODAY.minusDays(1))).id());
    ProjectOverview early = overview(create(target(TODAY.plusDays(10))).id());

    assertThat(due.overdue()).isFalse();
    assertThat(due.daysToTarget()).hasValue(0);
    assertThat(overdue.overdue()).isTrue();
    assertThat(overdue.daysToTarget()).hasValue(-1);
    assertThat(early.overdue()).isFalse();
    assertThat(early.daysToTarget()).hasValue(10);
  }

  @Test
  void whatIsCompletedOrCancelledIsNotOverdue() {
    Project active = create(target(TODAY.minusDays(9)).status(ProjectStatus.ACTIVE));
    assertThat(overview(active.id()).overdue()).isTrue();

    plinth.as(alice).run(tx -> projects.changeStatus(tx, active.id(), 1, ProjectStatus.COMPLETED));

    assertThat(overview(active.id()).overdue()).isFalse();
    assertThat(overview(active.id()).completedAt()).isPresent();
  }

  @Test
  void featureRequestsAreCountedOnceAndByTheDayInUtc() {
    Project project = create(NewProject.named("Apollo"));
    linked(project, "engine");
    linked(project, "docs");
    FeatureRequests requests = new FeatureRequests();
    NewFeatureRequest wish = NewFeatureRequest.titled("Dark mode");
    plinth
        .as(alice)
        .run(
            tx -> {
              requests.create(tx, project.id(), wish.deadline(TODAY));
              requests.create(tx, project.id(), wish.deadline(TODAY.minusDays(1)));
              FeatureRequest late =
                  requests.create(tx, project.id(), wish.deadline(TODAY.minusDays(1)));
              requests.changeStatus(tx, late.id(), 1, FeatureStatus.REJECTED);
              FeatureRequest gone = requests.create(tx, project.id(), wish);
              requests.delete(tx, gone.id(), 1);
            });

    ProjectOverview overview = overview(project.id());

    assertThat(overview.featureRequestCount()).isEqualTo(3);
    assertThat(overview.openFeatureRequestCount()).isEqualTo(2);
    assertThat(overview.overdueFeatureRequestCount()).isEqualTo(1);
    assertThat(overview.repositoryCount()).isEqualTo(2);
  }

  @Test
  void pagesByKeyHoldEveryProjectOnce() {
    Project first = create(NewProject.named("Apollo"));
    Project second = create(NewProject.named("Gemini"));
    linked(first, "engine");
    linked(first, "docs");

    Page<ProjectOverview> page =
        plinth.as(alice).read(tx -> projects.overviews(tx, PageRequest.first(1)));
    Page<ProjectOverview> next =
        plinth
            .as(alice)
            .read(tx -> projects.overviews(tx, PageRequest.after(page.next().orElseThrow(), 1)));

    assertThat(page.items()).containsExactly(overview(first.id()));
    assertThat(next.items()).containsExactly(overview(second.id()));
    assertThat(next.next()).isEmpty();
  }

  private static NewProject target(LocalDate day) {
    return NewProject.named("Apollo").dates(null, day);
  }

  private Project create(NewProject project) {
    return plinth.as(alice).call(tx -> projects.create(tx, project));
  }

  private Repository linked(Project project, String name) {
    return plinth
        .as(alice)
        .call(
            tx -> {
              Repository repository =
                  repositories.register(tx, NewRepository.of(Provider.GIT, name, name));
              repositories.link(tx, project.id(), repository.id(), LinkRole.PRIMARY);
              return repository;
            });
  }

  private void add(Project project, Member member) {
    plinth
        .as(alice)
        .run(tx -> members.add(tx, project.id(), member.userId(), ProjectRole.CONTRIBUTOR));
  }

  private ProjectOverview overview(UUID id) {
    return plinth.as(alice).read(tx -> projects.overview(tx, id));
  }
}
