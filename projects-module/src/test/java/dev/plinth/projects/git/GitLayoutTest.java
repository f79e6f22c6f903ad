package dev.plinth.projects.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.repository.Branch;
import dev.plinth.testing.PlinthTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every shape in which a git repository is found on disk. */
@PlinthTest(ProjectsModule.class)
class GitLayoutTest {

  @TempDir Path directory;
  @TempDir Path elsewhere;
  private TestRepository git;
  private Synced engine;

  @BeforeEach
  void prepare(Plinth plinth, Organization acme, Member alice) {
    git = TestRepository.init(directory);
    engine = Synced.registered(plinth, alice, "engine");
  }

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void anEmptyRepositoryHasADefaultBranchAndNoBranches() {
    SyncResult first = engine.sync(directory);
    SyncResult second = engine.sync(directory);

    assertThat(first.created()).isEmpty();
    assertThat(second.unchanged()).isTrue();
    assertThat(engine.branches()).isEmpty();
    assertThat(engine.stored().defaultBranch()).contains("main");
  }

  @Test
  void aDirectoryInARepositoryWillDo() throws IOException {
    String head = git.commit("first");
    Path inside = Files.createDirectories(directory.resolve("src/main"));

    engine.sync(inside);

    assertThat(engine.branch("main").headSha()).isEqualTo(head);
  }

  @Test
  void aBareRepositoryWillDo() {
    String head = git.commit("first");
    TestRepository.cloneBare(directory, elsewhere.resolve("bare.git")).close();

    engine.sync(elsewhere.resolve("bare.git"));

    assertThat(engine.branch("main").headSha()).isEqualTo(head);
    assertThat(engine.stored().defaultBranch()).contains("main");
  }

  @Test
  void aLinkedWorktreeWillDo() throws IOException {
    String head = git.commit("first");
    git.branch("topic");
    Path worktree = linkedWorktree("topic");

    engine.sync(worktree);

    assertThat(engine.branches()).extracting(Branch::name).containsExactly("main", "topic");
    assertThat(engine.branch("topic").headSha()).isEqualTo(head);
    assertThat(engine.stored().defaultBranch()).contains("topic");
  }

  @Test
  void aRenameIsSeenFromALinkedWorktree() throws IOException {
    git.commit("first");
    git.branch("topic");
    git.branch("a");
    git.branch("b");
    Path worktree = linkedWorktree("topic");
    engine.sync(worktree);
    var b = engine.branch("b").id();
    git.rename("b", "c");

    engine.sync(worktree);

    assertThat(engine.branch("c").id()).isEqualTo(b);
  }

  @Test
  void aDetachedHeadIsReportedAndTheDefaultBranchStays() {
    String first = git.commit("first");
    git.commit("second");
    git.branch("another");
    engine.sync(directory);
    git.checkout(first);

    SyncResult result = engine.sync(directory);

    assertThat(result.detachedHead()).contains(first);
    assertThat(result.unchanged()).isTrue();
    assertThat(engine.stored().defaultBranch()).contains("main");
  }

  @Test
  void aDetachedHeadThatIsSeenFirstFallsBackToTheUsualName() {
    String first = git.commit("first");
    git.branch("another");
    git.checkout(first);

    SyncResult result = engine.sync(directory);

    assertThat(result.detachedHead()).contains(first);
    assertThat(engine.stored().defaultBranch()).contains("main");
    assertThat(engine.branch("main").isDefault()).isTrue();
  }

  @Test
  void withoutLocalBranchesThoseOfTheOriginCount() throws IOException {
    String head = git.commit("first");
    git.branch("topic");
    git.rename("main", "trunk");
    try (TestRepository clone = TestRepository.clone(directory, elsewhere.resolve("clone"), 0)) {
      clone.checkout(head);
      clone.delete("trunk");
      Path origin = Files.createDirectories(clone.directory().resolve(".git/refs/remotes/origin"));
      Files.writeString(origin.resolve("HEAD"), "ref: refs/remotes/origin/trunk\n");

      SyncResult result = engine.sync(clone.directory());

      assertThat(result.created()).containsExactly("topic", "trunk");
      assertThat(result.detachedHead()).contains(head);
      assertThat(engine.stored().defaultBranch()).contains("trunk");
    }
  }

  @Test
  void aShallowCloneWillDo() {
    git.commit("first");
    String head = git.commit("second");
    try (TestRepository clone = TestRepository.clone(directory, elsewhere.resolve("clone"), 1)) {
      SyncResult result = engine.sync(clone.directory());

      assertThat(result.shallow()).isTrue();
      assertThat(engine.branch("main").headSha()).isEqualTo(head);
    }
  }

  @Test
  void aDirectoryWithoutRepositoryIsRefused() {
    assertThatThrownBy(() -> engine.sync(elsewhere))
        .isInstanceOfSatisfying(
            NotARepositoryException.class,
            refusal -> assertThat(refusal.path()).isEqualTo(elsewhere));
    assertThat(engine.stored().version()).isEqualTo(1);
  }

  @Test
  void aPathThatIsNotThereIsRefusedEvenInsideARepository() {
    git.commit("first");

    assertThatThrownBy(() -> engine.sync(directory.resolve("nowhere")))
        .isInstanceOf(NotARepositoryException.class)
        .hasMessageContaining("nowhere");
    assertThat(engine.branches()).isEmpty();
  }

  @Test
  void aLinkToARepositoryThatIsGoneIsRefused() throws IOException {
    Files.writeString(elsewhere.resolve(".git"), "gitdir: /nowhere/.git/worktrees/gone\n");

    assertThatThrownBy(() -> engine.sync(elsewhere)).isInstanceOf(NotARepositoryException.class);
  }

  @Test
  void aRepositoryThatCannotBeReadIsRefusedAndNothingIsWritten() throws IOException {
    String head = git.commit("first");
    Files.delete(
        directory.resolve(".git/objects/" + head.substring(0, 2) + "/" + head.substring(2)));

    assertThatThrownBy(() -> engine.sync(directory)).isInstanceOf(NotARepositoryException.class);
    assertThat(engine.branches()).isEmpty();
    assertThat(engine.stored().version()).isEqualTo(1);
  }

  /** What {@code git worktree add} makes; JGit reads such a thing but does not make it. */
  private Path linkedWorktree(String branch) throws IOException {
    Path worktree = Files.createDirectories(elsewhere.resolve("worktree"));
    Path own = Files.createDirectories(directory.resolve(".git/worktrees/worktree"));
    Files.writeString(own.resolve("HEAD"), "ref: refs/heads/" + branch + "\n");
    Files.writeString(own.resolve("commondir"), "../..\n");
    Files.writeString(own.resolve("gitdir"), worktree.resolve(".git") + "\n");
    Files.writeString(worktree.resolve(".git"), "gitdir: " + own + "\n");
    return worktree;
  }
}
