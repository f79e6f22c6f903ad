package dev.plinth.projects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.monitoring.CheckStatus;
import dev.plinth.base.monitoring.Health;
import dev.plinth.base.monitoring.HealthStatus;
import dev.plinth.base.monitoring.IntegrityCheck;
import dev.plinth.base.monitoring.Monitoring;
import dev.plinth.base.monitoring.QualityMetric;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.ProjectStatus;
import dev.plinth.projects.project.Projects;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.projects.repository.Repositories;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What this module says in the composed views: nothing where all is well, and what is not. */
@PlinthTest(ProjectsModule.class)
class ProjectsMonitoringTest {

  private Plinth plinth;
  private SettableClock clock;
  private Monitoring monitoring;

  @BeforeEach
  void prepare(Plinth plinth, SettableClock clock, Monitoring monitoring) {
    this.plinth = plinth;
    this.clock = clock;
    this.monitoring = monitoring;
  }

  @AfterEach
  void runTheClockAgain() {
    clock.reset();
  }

  @Test
  void aRepositoryThatIsNeverSynchronisedIsNoticedAfterADay(
      Repositories repositories, Organization acme, Member alice) {
    NewRepository engine = NewRepository.of(Provider.GIT, "engine", "engine");
    plinth.as(alice).run(tx -> repositories.register(tx, engine));
    assertThat(health().status()).isEqualTo(HealthStatus.HEALTHY);

    clock.advance(Duration.ofHours(25));

    assertThat(health().status()).isEqualTo(HealthStatus.WARNING);
    assertThat(health().value().orElseThrow().intValue()).isEqualTo(1);
    assertThat(metric("repositories say where they are cloned from").issueCount()).isEqualTo(1);
  }

  @Test
  void activeProjectsThatAreOverdueOrNobodysAreCounted(
      Projects projects, Organization acme, Member alice) {
    plinth
        .as(alice)
        .run(
            tx -> {
              projects.create(tx, active("Late").dates(null, LocalDate.of(2000, 1, 1)));
              projects.create(tx, active("Fine"));
            });
    plinth.asService(acme.id(), "importer").run(tx -> projects.create(tx, active("Bare")));

    QualityMetric overdue = metric("active projects are within their target date");
    QualityMetric nobodys = metric("active projects have an owner");

    assertThat(overdue.rowsChecked()).isEqualTo(3);
    assertThat(overdue.issueCount()).isEqualTo(1);
    assertThat(nobodys.issueCount()).isEqualTo(1);
  }

  @Test
  void branchesOfNothingAreFound(TestDatabase database, Organization acme, Member alice)
      throws SQLException {
    assertThat(branches().status()).isEqualTo(CheckStatus.PASS);
    String orphan =
        """
        INSERT INTO plinth_projects.repository_branches
          (organization_id, repository_id, name, head_sha, head_author, head_authored_at, head_message)
        VALUES ('%s', gen_random_uuid(), 'main', repeat('a', 40), 'Alice', now(), 'first')
        """
            .formatted(acme.id());

    execute(database, "SET session_replication_role = replica; " + orphan);

    assertThat(branches().status()).isEqualTo(CheckStatus.FAIL);
    assertThat(branches().issueCount()).hasValue(1);
    execute(database, "DELETE FROM plinth_projects.repository_branches");
  }

  private static NewProject active(String name) {
    return NewProject.named(name).status(ProjectStatus.ACTIVE);
  }

  private Health health() {
    List<Health> all = plinth.asSystem("test").read(monitoring::health);
    return all.stream().filter(h -> h.module().equals("projects")).findFirst().orElseThrow();
  }

  private QualityMetric metric(String name) {
    List<QualityMetric> all = plinth.asSystem("test").read(monitoring::quality);
    return all.stream().filter(m -> m.metric().equals(name)).findFirst().orElseThrow();
  }

  private IntegrityCheck branches() {
    List<IntegrityCheck> all = plinth.asSystem("test").read(monitoring::integrity);
    return all.stream().filter(c -> c.module().equals("projects")).findFirst().orElseThrow();
  }

  private static void execute(TestDatabase database, String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
