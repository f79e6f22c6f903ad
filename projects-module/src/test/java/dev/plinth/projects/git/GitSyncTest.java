package dev.plinth.projects.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.Listening;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.repository.Branch;
import dev.plinth.projects.repository.Repositories;
import dev.plinth.projects.repository.Repository;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PlinthTest(ProjectsModule.class)
class GitSyncTest {

  @TempDir Path directory;
  private TestRepository git;
  private Plinth plinth;
  private GitSync sync;
  private Member alice;
  private Synced engine;

  @BeforeEach
  void prepare(Plinth plinth, GitSync sync, Organization acme, Member alice) {
    this.plinth = plinth;
    this.sync = sync;
    this.alice = alice;
    this.git = TestRepository.init(directory);
    this.engine = Synced.registered(plinth, alice, "engine");
  }

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void branchesAreStoredWithTheirHeadCommits() {
    String first = git.commit("Ignite the engine\n\nWith care.");
    git.branch("feature/a");
    String second = git.commit("Lift off");

    SyncResult result = engine.sync(directory);

    assertThat(result.created()).containsExactly("feature/a", "main");
    assertThat(result.unchanged()).isFalse();
    assertThat(result.shallow()).isFalse();
    assertThat(result.detachedHead()).isEmpty();
    Branch feature = engine.branch("feature/a");
    assertThat(feature.headSha()).isEqualTo(first);
    assertThat(feature.headAuthor()).isEqualTo("Ada Lovelace");
    assertThat(feature.headAuthoredAt()).isEqualTo(TestRepository.FIRST_COMMIT);
    assertThat(feature.headMessage()).isEqualTo("Ignite the engine");
    assertThat(feature.isDefault()).isFalse();
    assertThat(engine.branch("main").headSha()).isEqualTo(second);
    assertThat(engine.branch("main").isDefault()).isTrue();
    assertThat(engine.stored().defaultBranch()).contains("main");
  }

  @Test
  void aSecondSyncOfAnUnchangedRepositoryWritesNothing() {
    git.commit("first");
    git.branch("other");
    engine.sync(directory);
    Repository stored = engine.stored();
    List<Branch> branches = engine.branches();

    SyncResult again =
        plinth
            .as(alice)
            .call(
                tx -> {
                  SyncResult result = sync.sync(tx, engine.repository(), directory);
                  assertThat(
                          tx.dsl()
                              .fetchSingle("SELECT pg_current_xact_id_if_assigned() IS NULL")
                              .get(0, Boolean.class))
                      .isTrue();
                  return result;
                });

    assertThat(again.unchanged()).isTrue();
    assertThat(again.created()).isEmpty();
    assertThat(again.updated()).isEmpty();
    assertThat(engine.stored()).isEqualTo(stored);
    assertThat(engine.branches()).isEqualTo(branches);
  }

  @Test
  void aNewCommitUpdatesItsBranchOnly() {
    git.commit("first");
    git.branch("other");
    engine.sync(directory);
    Branch other = engine.branch("other");
    String second = git.commit("second");

    SyncResult result = engine.sync(directory);

    assertThat(result.updated()).containsExactly("main");
    assertThat(result.created()).isEmpty();
    assertThat(result.deleted()).isEmpty();
    assertThat(result.forcePushed()).isEmpty();
    assertThat(engine.branch("main").headSha()).isEqualTo(second);
    assertThat(engine.branch("main").headMessage()).isEqualTo("second");
    assertThat(engine.branch("other")).isEqualTo(other);
  }

  @Test
  void aDeletedBranchIsDeletedSoftly(TestDatabase database) throws Exception {
    git.commit("first");
    git.branch("gone");
    engine.sync(directory);
    Branch gone = engine.branch("gone");
    git.delete("gone");

    SyncResult result = engine.sync(directory);

    assertThat(result.deleted()).containsExactly("gone");
    assertThat(engine.branches()).extracting(Branch::name).containsExactly("main");
    assertThat(deletedRows(database, gone.id())).isOne();
  }

  @Test
  void aBranchThatIsMadeAgainIsAnotherOne(TestDatabase database) throws Exception {
    git.commit("first");
    git.branch("phoenix");
    engine.sync(directory);
    UUID before = engine.branch("phoenix").id();
    git.delete("phoenix");
    engine.sync(directory);
    git.branch("phoenix");

    SyncResult result = engine.sync(directory);

    assertThat(result.created()).containsExactly("phoenix");
    assertThat(engine.branch("phoenix").id()).isNotEqualTo(before);
    assertThat(deletedRows(database, before)).isOne();
  }

  @Test
  void theDefaultBranchFollowsWhatIsCheckedOut() {
    git.commit("first");
    git.branch("trunk");
    engine.sync(directory);
    git.checkout("trunk");

    SyncResult result = engine.sync(directory);

    assertThat(result.unchanged()).isFalse();
    assertThat(result.updated()).isEmpty();
    assertThat(engine.stored().defaultBranch()).contains("trunk");
    assertThat(engine.branches())
        .filteredOn(Branch::isDefault)
        .extracting(Branch::name)
        .containsExactly("trunk");
  }

  @Test
  void manyBranchesArePagedByName(Repositories repositories) {
    git.commit("first");
    for (int i = 0; i < 25; i++) {
      git.branch("topic/%02d".formatted(i));
    }
    engine.sync(directory);

    Page<Branch> first =
        plinth
            .as(alice)
            .read(tx -> repositories.branches(tx, engine.repository(), PageRequest.first(20)));
    Page<Branch> second =
        plinth
            .as(alice)
            .read(
                tx ->
                    repositories.branches(
                        tx,
                        engine.repository(),
                        PageRequest.after(first.next().orElseThrow(), 20)));

    assertThat(first.items()).hasSize(20);
    assertThat(second.items()).hasSize(6);
    assertThat(engine.branches())
        .hasSize(26)
        .containsAll(first.items())
        .containsAll(second.items());
  }

  @Test
  void whatACommitSaysIsCutToFit() {
    git.commit("m".repeat(3000));

    engine.sync(directory);

    assertThat(engine.branch("main").headMessage()).hasSize(1000);
  }

  @Test
  void aSyncIsToldToTheOtherModulesOnlyIfSomethingIsNew(TestDatabase database) {
    git.commit("first");
    Listening listening = new Listening();
    Plinth heard =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new ProjectsModule(), listening)
            .build();

    heard.as(alice).run(tx -> sync.sync(tx, engine.repository(), directory));
    heard.as(alice).run(tx -> sync.sync(tx, engine.repository(), directory));

    assertThat(listening.heard())
        .containsExactly(new RepositorySynced(alice.organizationId(), engine.repository()));
  }

  @Test
  void anUnknownOrForeignRepositoryIsNotFound(Organization globex, Member carol) {
    git.commit("first");

    assertThatThrownBy(
            () -> plinth.as(alice).call(tx -> sync.sync(tx, UUID.randomUUID(), directory)))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> plinth.as(carol).call(tx -> sync.sync(tx, engine.repository(), directory)))
        .isInstanceOf(NotFoundException.class);
    assertThat(engine.branches()).isEmpty();
  }

  @Test
  void aViewerSynchronisesNothing(
      Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    git.commit("first");

    assertThatThrownBy(
            () -> plinth.as(eve).call(tx -> sync.sync(tx, engine.repository(), directory)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(engine.branches()).isEmpty();
  }

  private static int deletedRows(TestDatabase database, UUID branch) throws Exception {
    try (var connection = database.superuser().getConnection();
        var query =
            connection.prepareStatement(
                "SELECT count(*) FROM plinth_projects.repository_branches"
                    + " WHERE id = ? AND deleted_at IS NOT NULL")) {
      query.setObject(1, branch);
      try (var row = query.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
