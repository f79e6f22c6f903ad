package dev.plinth.host.pooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two tenants on one server connection: PgBouncer in transaction mode with a pool of one. Skipped
 * where the package {@code pgbouncer} is not installed.
 */
@Timeout(300)
@PlinthTest(ProjectsModule.class)
class PgBouncerTest {

  private static final int VISITORS = 6;
  private static final int ROUNDS = 3;

  @TempDir private Path directory;

  /** What becomes of prepared statements, which belong to a server connection. */
  enum Statements {
    /** The driver makes none. */
    UNPREPARED("prepareThreshold=0", "", Version.parse("1.0")),
    /** The driver makes one of everything, and PgBouncer keeps track. */
    TRACKED("prepareThreshold=1", "max_prepared_statements = 200", PgBouncer.TRACKS_STATEMENTS);

    private final String parameter;
    private final String setting;
    private final Version since;

    Statements(String parameter, String setting, Version since) {
      this.parameter = parameter;
      this.setting = setting;
      this.since = since;
    }

    void assumeInstalled() {
      Optional<Version> installed = PgBouncer.installed();
      assumeTrue(installed.isPresent(), "PgBouncer is not installed: apt-get install pgbouncer");
      String tooOld = "PgBouncer %s does not keep track of prepared statements, %s does";
      assumeTrue(
          installed.get().compareTo(since) >= 0, () -> tooOld.formatted(installed.get(), since));
    }
  }

  @ParameterizedTest
  @EnumSource
  void tenantsOnOneServerConnectionNeverMeet(
      Statements statements,
      TestDatabase database,
      ProjectsModule projects,
      Plinth direct,
      Organization acme,
      Member alice,
      Organization globex,
      Member bob)
      throws Exception {
    statements.assumeInstalled();
    Path git = repository();
    try (PgBouncer bouncer = PgBouncer.inFrontOf(database, directory, statements.setting);
        HikariDataSource pool = pool(bouncer.url() + "&" + statements.parameter)) {
      Plinth plinth = Plinth.builder().dataSource(pool).readReplica(pool).modules(projects).build();
      plinth.validate();
      List<Visit> visits = new ArrayList<>();
      for (Member member : List.of(alice, bob)) {
        UUID engine = engine(direct, projects, member);
        visits.add(new Visit(plinth, projects, pool, member, engine, git));
      }

      visitAtOnce(visits);

      assertThat(visits.get(0).backend()).isEqualTo(visits.get(1).backend());
    }
  }

  private static void visitAtOnce(List<Visit> visits) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(VISITORS);
    try {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < VISITORS; i++) {
        int number = i;
        calls.add(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                visits.get(number % visits.size()).makeAll(number + round);
              }
              return true;
            });
      }
      for (Future<Boolean> visit : threads.invokeAll(calls)) {
        assertThat(visit.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static HikariDataSource pool(String url) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setMaximumPoolSize(VISITORS);
    return pool;
  }

  private static UUID engine(Plinth plinth, ProjectsModule projects, Member member) {
    NewRepository engine = NewRepository.of(Provider.GIT, UUID.randomUUID().toString(), "engine");
    return plinth.as(member).call(tx -> projects.repositories().register(tx, engine).id());
  }

  private Path repository() throws Exception {
    Path where = directory.resolve("git");
    PersonIdent ada = new PersonIdent("Ada Lovelace", "ada@example.org");
    try (Git git = Git.init().setInitialBranch("main").setDirectory(where.toFile()).call()) {
      git.commit().setMessage("first").setAuthor(ada).setCommitter(ada).setSign(false).call();
    }
    return where;
  }
}
