package dev.plinth.projects.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.repository.Branch;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@PlinthTest(ProjectsModule.class)
class GitSyncConcurrencyTest {

  private static final String WAITING =
      "SELECT EXISTS (SELECT FROM pg_stat_activity"
          + " WHERE datname = current_database() AND wait_event_type = 'Lock')";

  @TempDir Path directory;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private TestRepository git;
  private Plinth plinth;
  private Member alice;
  private Synced engine;

  @BeforeEach
  void prepare(Plinth plinth, Organization acme, Member alice) {
    this.plinth = plinth;
    this.alice = alice;
    this.git = TestRepository.init(directory);
    this.engine = Synced.registered(plinth, alice, "engine");
    git.commit("first");
    git.branch("other");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    git.close();
  }

  @Test
  void concurrentSyncsStoreEveryBranchOnce() throws Exception {
    Callable<SyncResult> syncing = () -> engine.sync(directory);

    List<Future<SyncResult>> results = threads.invokeAll(Collections.nCopies(8, syncing));

    assertThat(results)
        .extracting(Future::get)
        .filteredOn(result -> !result.unchanged())
        .hasSize(1);
    assertThat(engine.branches()).extracting(Branch::name).containsExactly("main", "other");
  }

  @Test
  void aSyncWaitsForAnotherAndThenFindsNothingNew(GitSync sync, TestDatabase database)
      throws Exception {
    Future<SyncResult> second =
        plinth
            .as(alice)
            .call(
                tx -> {
                  sync.sync(tx, engine.repository(), directory);
                  Future<SyncResult> other = threads.submit(() -> engine.sync(directory));
                  awaitWaiting(database);
                  return other;
                });

    assertThat(second.get().unchanged()).isTrue();
    assertThat(engine.branches()).extracting(Branch::name).containsExactly("main", "other");
  }

  @Test
  void whatIsNewWhileASyncWaitsIsNotLost(GitSync sync, TestDatabase database) throws Exception {
    Future<SyncResult> second =
        plinth
            .as(alice)
            .call(
                tx -> {
                  sync.sync(tx, engine.repository(), directory);
                  Future<SyncResult> other = threads.submit(() -> engine.sync(directory));
                  awaitWaiting(database);
                  git.branch("latest");
                  return other;
                });

    assertThat(second.get().created()).containsExactly("latest");
    assertThat(engine.branches()).hasSize(3);
  }

  /** Until some transaction of this database waits for another one. */
  private static void awaitWaiting(TestDatabase database) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement query = connection.prepareStatement(WAITING)) {
      Eventually.is("waiting for a lock", () -> holds(query));
    }
  }

  private static boolean holds(PreparedStatement query) {
    try (ResultSet row = query.executeQuery()) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
