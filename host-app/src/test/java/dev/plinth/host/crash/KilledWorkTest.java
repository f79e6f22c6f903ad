package dev.plinth.host.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.job.JobFailedException;
import dev.plinth.base.job.JobRunningException;
import dev.plinth.base.job.JobState;
import dev.plinth.base.job.JobTiming;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.git.SyncResult;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server dies under work of the modules: all of a transaction is there, or nothing. */
@Timeout(300)
class KilledWorkTest {

  /** What retention deletes at once. */
  private static final int BATCH = 1000;

  private static final String KEPT = "SELECT count(*) FROM plinth_base.notifications";
  private static final String PARTITIONS =
      "SELECT count(*) FROM plinth_base.partitions_of('plinth_base.audit_log')";

  private static KillableServer server;
  private static Plinth plinth;
  private static final ProjectsModule PROJECTS = new ProjectsModule();

  @TempDir private Path directory;
  private UUID acme;
  private UUID alice;

  @BeforeAll
  static void start() throws SQLException {
    server = new KillableServer();
    server.useEmptyDatabase();
    plinth = server.plinth(PROJECTS);
    plinth.migrate();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void anOrganization() {
    String slug = "acme-" + UUID.randomUUID();
    User user =
        plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named("Alice")));
    Organization made =
        plinth
            .asSystem("test")
            .call(
                tx ->
                    plinth
                        .organizations()
                        .create(tx, NewOrganization.of(slug, "Acme").ownedBy(user.id())));
    acme = made.id();
    alice = user.id();
  }

  /** Before the first branch is written, and when all are and the repository itself is next. */
  @ParameterizedTest
  @ValueSource(strings = {"plinth_projects.repository_branches", "plinth_projects.repositories"})
  void aSyncIsRunAgainAndEndsAsIfNobodyHadDisturbedIt(String table) throws Exception {
    try (Git git = repository()) {
      UUID disturbed = synced("disturbed");
      UUID undisturbed = synced("undisturbed");
      List<?> before = stored(disturbed);
      change(git);
      sync(undisturbed);

      Throwable failure =
          server.struck(
              () -> sync(disturbed), "LOCK TABLE " + table + " IN SHARE MODE", server::kill);
      server.restart();

      assertThat(failure).isInstanceOf(DatabaseUnavailableException.class);
      assertThat(stored(disturbed)).isEqualTo(before);
      sync(disturbed);
      assertThat(stored(disturbed)).isEqualTo(stored(undisturbed)).isNotEqualTo(before);
      assertThat(sync(disturbed).unchanged()).isTrue();
    }
  }

  @Test
  void aSyncThatWasNotCommittedWasNot() throws Exception {
    try (Git git = repository()) {
      UUID engine = synced("engine");
      List<?> before = stored(engine);
      change(git);

      assertThatThrownBy(
              () ->
                  plinth
                      .as(acme, alice)
                      .run(
                          tx -> {
                            PROJECTS.gitSync().sync(tx, engine, directory);
                            server.kill();
                          }))
          .isInstanceOf(DatabaseUnavailableException.class);
      server.restart();

      assertThat(stored(engine)).isEqualTo(before);
      assertThat(sync(engine).created()).containsExactly("latest");
    }
  }

  @Test
  void aRetentionRunGoesOnWhereItsLastWholeBatchEndedWhenItsLeaseIsOver() throws Exception {
    SettableClock clock = new SettableClock();
    clock.freezeAt(Instant.now());
    Plinth host = server.plinth(clock, PROJECTS);
    tellAndRead(host, "first", BATCH);
    clock.advance(Duration.ofMinutes(1));
    tellAndRead(host, "second", 5);
    tell(host, "unread", 1);
    clock.advance(Notifications.RETENTION.plusDays(1));
    String second = "SELECT FROM plinth_base.notifications WHERE title = 'second' FOR UPDATE";

    killIn(host, "base.notification-retention", second);

    assertThat(server.query(KEPT)).isEqualTo("6");
    clock.advance(JobTiming.DEFAULT.lease());
    JobState after = host.jobs().runNow("base.notification-retention");
    assertThat(server.query(KEPT)).isEqualTo("1");
    assertThat(List.of(after.runs(), after.failures())).containsExactly(2L, 1L);
  }

  @Test
  void partitionsThatWereNotCommittedAreMadeWhenTheLeaseIsOver() throws Exception {
    SettableClock clock = new SettableClock();
    clock.freezeAt(ZonedDateTime.now(ZoneOffset.UTC).plusMonths(2).toInstant());
    Plinth host = server.plinth(clock, PROJECTS);
    int before = Integer.parseInt(server.query(PARTITIONS));
    server.stopAt("plinth_base.audit_log_p");

    killIn(host, "base.partition-maintenance", KillableServer.STOP);

    assertThat(server.query(PARTITIONS)).isEqualTo(String.valueOf(before));
    server.goOn();
    clock.advance(JobTiming.DEFAULT.lease());
    host.jobs().runNow("base.partition-maintenance");
    assertThat(server.query(PARTITIONS)).isEqualTo(String.valueOf(before + 2));
  }

  /** Kills the server in a run, and starts it again; the run keeps its lease until that is over. */
  private static void killIn(Plinth host, String job, String lock) throws Exception {
    Throwable failure = server.struck(() -> host.jobs().runNow(job), lock, server::kill);
    server.restart();

    assertThat(failure)
        .isInstanceOf(JobFailedException.class)
        .hasCauseInstanceOf(DatabaseUnavailableException.class);
    assertThatThrownBy(() -> host.jobs().runNow(job)).isInstanceOf(JobRunningException.class);
  }

  private void tellAndRead(Plinth host, String title, int times) {
    tell(host, title, times);
    host.as(acme, alice).run(tx -> host.notifications().markAllRead(tx));
  }

  private void tell(Plinth host, String title, int times) {
    String many = "SELECT plinth_base.notify_user(?, 'news', ?) FROM generate_series(1, ?)";
    host.as(acme, alice).run(tx -> tx.dsl().fetch(many, alice, title, times));
  }

  private UUID synced(String name) {
    UUID id =
        plinth
            .as(acme, alice)
            .call(
                tx ->
                    PROJECTS
                        .repositories()
                        .register(tx, NewRepository.of(Provider.GIT, name, name))
                        .id());
    sync(id);
    return id;
  }

  private SyncResult sync(UUID repository) {
    return plinth.as(acme, alice).call(tx -> PROJECTS.gitSync().sync(tx, repository, directory));
  }

  /** Everything of its branches but what differs from one repository to the other. */
  private List<?> stored(UUID repository) {
    return plinth
        .as(acme, alice)
        .read(
            tx ->
                PROJECTS
                    .repositories()
                    .branches(tx, repository, PageRequest.first(100))
                    .items()
                    .stream()
                    .map(
                        branch ->
                            List.of(
                                branch.name(),
                                branch.headSha(),
                                branch.headMessage(),
                                branch.isDefault(),
                                branch.version()))
                    .toList());
  }

  private Git repository() throws Exception {
    Git git = Git.init().setInitialBranch("main").setDirectory(directory.toFile()).call();
    commit(git, "first");
    git.branchCreate().setName("old").call();
    return git;
  }

  private void change(Git git) throws Exception {
    commit(git, "second");
    git.branchCreate().setName("latest").call();
    git.branchDelete().setBranchNames("old").setForce(true).call();
  }

  private void commit(Git git, String message) throws Exception {
    Files.writeString(directory.resolve(message), message);
    git.add().addFilepattern(".").call();
    PersonIdent ada = new PersonIdent("Ada Lovelace", "ada@example.org");
    git.commit().setMessage(message).setAuthor(ada).setCommitter(ada).setSign(false).call();
  }
}
