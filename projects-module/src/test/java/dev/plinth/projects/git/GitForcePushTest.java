package dev.plinth.projects.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.Listening;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.repository.Branch;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PlinthTest(ProjectsModule.class)
class GitForcePushTest {

  @TempDir Path directory;
  private TestRepository git;
  private Member alice;
  private Synced engine;
  private String first;

  @BeforeEach
  void prepare(Plinth plinth, Organization acme, Member alice) {
    this.alice = alice;
    git = TestRepository.init(directory);
    first = git.commit("first");
    engine = Synced.registered(plinth, alice, "engine");
  }

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void aReplacedHistoryIsRecorded(SettableClock clock) {
    String old = git.commit("second");
    engine.sync(directory);
    UUID main = engine.branch("main").id();
    git.resetTo(first);
    String replaced = git.commit("second, amended");
    clock.freezeAt(Instant.parse("2031-02-03T04:05:06Z"));

    SyncResult result = engine.sync(directory);

    clock.reset();
    assertThat(result.forcePushed()).containsExactly("main");
    assertThat(result.updated()).containsExactly("main");
    Branch branch = engine.branch("main");
    assertThat(branch.id()).isEqualTo(main);
    assertThat(branch.headSha()).isEqualTo(replaced);
    assertThat(branch.forcePushedFrom()).contains(old);
    assertThat(branch.forcePushedAt()).contains(Instant.parse("2031-02-03T04:05:06Z"));
  }

  @Test
  void aBranchThatIsSetBackIsForcePushed() {
    String old = git.commit("second");
    engine.sync(directory);
    git.resetTo(first);

    assertThat(engine.sync(directory).forcePushed()).containsExactly("main");
    assertThat(engine.branch("main").forcePushedFrom()).contains(old);
  }

  @Test
  void aFastForwardIsNoForcePush() {
    engine.sync(directory);
    git.commit("second");
    git.commit("third");

    SyncResult result = engine.sync(directory);

    assertThat(result.updated()).containsExactly("main");
    assertThat(result.forcePushed()).isEmpty();
    assertThat(engine.branch("main").forcePushedAt()).isEmpty();
  }

  @Test
  void aForcePushStaysRecordedAfterAFastForward() {
    String old = git.commit("second");
    engine.sync(directory);
    git.resetTo(first);
    engine.sync(directory);
    git.commit("third");

    assertThat(engine.sync(directory).forcePushed()).isEmpty();
    assertThat(engine.branch("main").forcePushedFrom()).contains(old);
  }

  @Test
  void aHeadThatIsGoneWasReplaced() throws Exception {
    String old = git.commit("second");
    engine.sync(directory);
    git.resetTo(first);
    git.commit("another");
    Files.delete(directory.resolve(".git/objects/" + old.substring(0, 2) + "/" + old.substring(2)));

    assertThat(engine.sync(directory).forcePushed()).containsExactly("main");
    assertThat(engine.branch("main").forcePushedFrom()).contains(old);
  }

  @Test
  void aShallowRepositoryThatCannotTellClaimsNothing(@TempDir Path clones) {
    engine.sync(directory);
    git.commit("second");
    git.commit("third");
    try (TestRepository shallow = TestRepository.clone(directory, clones.resolve("clone"), 1)) {
      SyncResult result = engine.sync(shallow.directory());

      assertThat(result.shallow()).isTrue();
      assertThat(result.updated()).containsExactly("main");
      assertThat(result.forcePushed()).isEmpty();
      assertThat(engine.branch("main").forcePushedAt()).isEmpty();
    }
  }

  @Test
  void aShallowRepositoryStillTellsAFastForward(@TempDir Path clones) {
    git.commit("second");
    try (TestRepository shallow = TestRepository.clone(directory, clones.resolve("clone"), 1)) {
      engine.sync(shallow.directory());
      String third = shallow.commit("third");

      assertThat(engine.sync(shallow.directory()).forcePushed()).isEmpty();
      assertThat(engine.branch("main").headSha()).isEqualTo(third);
    }
  }

  @Test
  void aForcePushIsToldToTheOtherModules(TestDatabase database) {
    String old = git.commit("second");
    engine.sync(directory);
    git.resetTo(first);
    Listening listening = new Listening();
    Plinth heard =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new ProjectsModule(), listening)
            .build();

    heard.as(alice).run(tx -> new GitSync().sync(tx, engine.repository(), directory));

    UUID main = engine.branch("main").id();
    assertThat(listening.heard())
        .containsExactly(
            new BranchForcePushed(alice.organizationId(), engine.repository(), main, old, first),
            new RepositorySynced(alice.organizationId(), engine.repository()));
  }
}
