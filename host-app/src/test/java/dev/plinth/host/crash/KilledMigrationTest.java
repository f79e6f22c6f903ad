package dev.plinth.host.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.module.ModuleDescriptor;
import dev.plinth.host.HostApp;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.CatalogLinter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A migration that is torn out of its work leaves nothing half done and nothing locked. */
@Timeout(300)
class KilledMigrationTest {

  private static final String EXCLUSIVE = "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE";

  private static KillableServer server;

  private Plinth plinth;

  @BeforeAll
  static void start() throws SQLException {
    server = new KillableServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void anEmptyDatabase() throws SQLException {
    server.useEmptyDatabase();
    plinth = server.plinth(new ProjectsModule());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plinth_base.migration_history",
        "plinth_base.notify_user",
        "plinth_projects.repositories"
      })
  void whenTheServerIsKilledTheNextOneGoesOn(String object) throws Exception {
    server.stopAt(object);

    Throwable failure = server.struck(plinth::migrate, KillableServer.STOP, server::kill);
    server.restart();

    assertThat(failure).isInstanceOf(DatabaseUnavailableException.class);
    server.goOn();
    plinth.migrate();
    assertWhole();
  }

  @Test
  void whenTheServerIsKilledBeforeAMigrationIsRecordedItIsAppliedAgain() throws Exception {
    plinth.migrate();
    plinth.rollback("projects", 4);
    String lock = EXCLUSIVE.formatted("plinth_projects.migration_history");

    Throwable failure = server.struck(plinth::migrate, lock, server::kill);
    server.restart();

    assertThat(failure).isInstanceOf(DatabaseUnavailableException.class);
    assertThat(server.query("SELECT max(version) FROM plinth_projects.migration_history"))
        .isEqualTo("004");
    plinth.migrate();
    assertWhole();
  }

  @Test
  void whenItsSessionIsTerminatedTheNextOneGoesOn() throws Exception {
    server.stopAt("plinth_base.organization_members");

    Throwable failure =
        server.struck(plinth::migrate, KillableServer.STOP, server::terminateWhatWaits);

    assertThat(failure).isInstanceOf(DatabaseUnavailableException.class);
    server.goOn();
    plinth.migrate();
    assertWhole();
  }

  @Test
  void whenTheHostIsKilledItHoldsNoLock() throws Exception {
    server.stopAt("plinth_base.organization_members");
    Process host = hostThatMigrates();

    Throwable failure =
        server.struck(() -> requireSuccess(host), KillableServer.STOP, host::destroyForcibly);

    assertThat(failure).hasMessageContaining("exit code 137");
    server.goOn();
    plinth.migrate();
    assertThat(server.query("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
        .isEqualTo("0");
    assertWhole();
  }

  private static void requireSuccess(Process host) {
    int code = host.onExit().join().exitValue();
    if (code != 0) {
      throw new IllegalStateException("exit code " + code);
    }
  }

  private static Process hostThatMigrates() throws Exception {
    ProcessBuilder host =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("java.class.path"),
            HostApp.class.getName(),
            "migrate");
    host.environment().put("DATABASE_URL", server.ownerUrl());
    return host.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** As good as one that nobody disturbed: complete, by the rules, usable, and goes down again. */
  private void assertWhole() throws SQLException {
    plinth.validate();
    assertThat(CatalogLinter.ofModules(plinth.modules()).lint(server.superuser())).isEmpty();
    plinth.asSystem("test").run(tx -> {});
    List<ModuleDescriptor> order = new ArrayList<>(plinth.modules());
    Collections.reverse(order);
    order.forEach(module -> plinth.rollback(module.name(), 0));
    assertThat(server.query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'plinth%'"))
        .isEqualTo("0");
  }
}
