package dev.plinth.projects.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@PlinthTest(ProjectsModule.class)
class GitRenameTest {

  @TempDir Path directory;
  private TestRepository git;
  private Synced engine;
  private String head;

  @BeforeEach
  void prepare(Plinth plinth, Organization acme, Member alice) {
    git = TestRepository.init(directory);
    head = git.commit("first");
    engine = Synced.registered(plinth, alice, "engine");
  }

  @AfterEach
  void close() {
    git.close();
  }

  @Test
  void aRenamedBranchKeepsItsIdentityByTheReflog() {
    UUID main = synced("main");
    git.rename("main", "trunk");

    SyncResult result = engine.sync(directory);

    assertThat(result.renamed()).containsExactly(new SyncResult.Rename("main", "trunk"));
    assertThat(result.created()).isEmpty();
    assertThat(result.deleted()).isEmpty();
    assertThat(result.updated()).isEmpty();
    assertThat(engine.branch("trunk").id()).isEqualTo(main);
    assertThat(engine.branch("trunk").isDefault()).isTrue();
    assertThat(engine.branch("trunk").headMessage()).isEqualTo("first");
  }

  @Test
  void theReflogThatGitItselfWritesIsUnderstood() throws Exception {
    git.branch("topic");
    UUID topic = synced("topic");
    git.rename("topic", "renamed");
    Path reflog = directory.resolve(".git/logs/refs/heads/renamed");
    String written = Files.readString(reflog);
    assertThat(written).contains("Branch: renamed ");
    Files.writeString(
        reflog,
        written.replaceFirst(
            "Branch: renamed .*", "Branch: renamed refs/heads/topic to refs/heads/renamed"));

    engine.sync(directory);

    assertThat(engine.branch("renamed").id()).isEqualTo(topic);
  }

  @Test
  void aBranchThatIsRenamedAndMovedKeepsItsIdentity() {
    UUID main = synced("main");
    git.rename("main", "trunk");
    String second = git.commit("second");

    SyncResult result = engine.sync(directory);

    assertThat(result.renamed()).containsExactly(new SyncResult.Rename("main", "trunk"));
    assertThat(result.updated()).containsExactly("trunk");
    assertThat(result.forcePushed()).isEmpty();
    assertThat(engine.branch("trunk").id()).isEqualTo(main);
    assertThat(engine.branch("trunk").headSha()).isEqualTo(second);
  }

  @Test
  void aBranchThatIsRenamedTwiceKeepsItsIdentity() {
    UUID main = synced("main");
    git.rename("main", "between");
    git.rename("between", "trunk");

    engine.sync(directory);

    assertThat(engine.branch("trunk").id()).isEqualTo(main);
  }

  @Test
  void twoBranchesWithOneHeadAreToldApartByTheReflog() {
    git.branch("a");
    git.branch("b");
    UUID a = synced("a");
    UUID b = engine.branch("b").id();
    git.rename("a", "c");
    git.rename("b", "d");

    engine.sync(directory);

    assertThat(engine.branch("c").id()).isEqualTo(a);
    assertThat(engine.branch("d").id()).isEqualTo(b);
  }

  @Test
  void withoutReflogAnUnmistakableHeadTells() {
    git.commit("second");
    git.point("topic", head);
    UUID topic = synced("topic");
    git.point("renamed", head);
    git.delete("topic");
    git.forget();

    SyncResult result = engine.sync(directory);

    assertThat(result.renamed()).containsExactly(new SyncResult.Rename("topic", "renamed"));
    assertThat(engine.branch("renamed").id()).isEqualTo(topic);
  }

  @Test
  void withoutReflogTwoNewBranchesWithOneHeadAreNoRename() {
    git.point("topic", head);
    UUID topic = synced("topic");
    git.point("x", head);
    git.point("y", head);
    git.delete("topic");
    git.forget();

    SyncResult result = engine.sync(directory);

    assertThat(result.renamed()).isEmpty();
    assertThat(result.created()).containsExactly("x", "y");
    assertThat(result.deleted()).containsExactly("topic");
    assertThat(engine.branch("x").id()).isNotEqualTo(topic);
  }

  @Test
  void withoutReflogTwoGoneBranchesWithOneHeadAreNoRename() {
    git.point("x", head);
    git.point("y", head);
    engine.sync(directory);
    git.point("topic", head);
    git.delete("x");
    git.delete("y");
    git.forget();

    SyncResult result = engine.sync(directory);

    assertThat(result.renamed()).isEmpty();
    assertThat(result.created()).containsExactly("topic");
    assertThat(result.deleted()).containsExactly("x", "y");
  }

  @Test
  void aBranchWhoseReflogTellsThatItIsNewIsNoRename() {
    git.branch("old");
    engine.sync(directory);
    git.delete("old");
    git.branch("new");

    SyncResult result = engine.sync(directory);

    assertThat(result.renamed()).isEmpty();
    assertThat(result.created()).containsExactly("new");
    assertThat(result.deleted()).containsExactly("old");
  }

  @Test
  void aRenameAtTheOriginIsToldByTheHead(@TempDir Path clones) {
    String second = git.commit("second");
    git.point("topic", head);
    try (TestRepository clone = TestRepository.clone(directory, clones.resolve("clone"), 0)) {
      clone.checkout(second);
      clone.delete("main");
      engine.sync(clone.directory());
      UUID topic = engine.branch("topic").id();
      git.rename("topic", "renamed");
      clone.fetch();

      SyncResult result = engine.sync(clone.directory());

      assertThat(result.renamed()).containsExactly(new SyncResult.Rename("topic", "renamed"));
      assertThat(engine.branch("renamed").id()).isEqualTo(topic);
    }
  }

  private UUID synced(String branch) {
    engine.sync(directory);
    return engine.branch(branch).id();
  }
}
