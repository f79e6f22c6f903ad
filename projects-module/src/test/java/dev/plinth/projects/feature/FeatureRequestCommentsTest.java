package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Alice administers the organization; Bob and Dave are members. */
@PlinthTest(ProjectsModule.class)
class FeatureRequestCommentsTest {

  private Plinth plinth;
  private FeatureRequests requests;
  private FeatureRequestComments comments;
  private Member alice;
  private Member bob;
  private Member dave;
  private UUID request;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      FeatureRequests requests,
      FeatureRequestComments comments,
      Organization acme,
      Member alice,
      Member bob,
      Member dave) {
    this.plinth = plinth;
    this.requests = requests;
    this.comments = comments;
    this.alice = alice;
    this.bob = bob;
    this.dave = dave;
    this.request =
        plinth
            .as(alice)
            .call(
                tx -> {
                  UUID project = projects.create(tx, NewProject.named("Apollo")).id();
                  return requests.create(tx, project, NewFeatureRequest.titled("Dark mode")).id();
                });
  }

  @Test
  void whatIsSaidIsListedAndCounted() {
    Comment first = add(bob, "Yes!");
    Comment second = add(dave, "No?");

    assertThat(first.author()).contains(bob.userId());
    assertThat(first.authorName()).contains(bob.displayName());
    assertThat(first.editedAt()).isEmpty();
    assertThat(list()).containsExactly(first, second);
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void anAuthorEditsTheOwnCommentAndNobodyElse() {
    Comment said = add(bob, "Yse!");

    Comment edited = edit(bob, said, "Yes!");

    assertThat(edited.body()).isEqualTo("Yes!");
    assertThat(edited.editedAt()).isPresent();
    assertThat(edited.version()).isEqualTo(2);
    assertThatThrownBy(() -> edit(dave, edited, "No!")).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> edit(alice, edited, "No!")).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> edit(bob, said, "Late")).isInstanceOf(StaleVersionException.class);
    assertThat(list()).containsExactly(edited);
  }

  @Test
  void theDatabaseHoldsWhoWritesByHand() {
    add(bob, "Yes!");
    String putting = "UPDATE plinth_projects.feature_request_comments SET body = 'No!'";

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> tx.dsl().execute(putting)))
        .isInstanceOf(AccessDeniedException.class);
    int changed = plinth.as(dave).call(tx -> tx.dsl().execute(putting));
    assertThat(changed).isZero();
    assertThat(list()).extracting(Comment::body).containsExactly("Yes!");
  }

  @Test
  void aCommentIsDeletedByItsAuthorOrWhoAdministers() {
    Comment first = add(bob, "Yes!");
    Comment second = add(bob, "Rude");
    assertThatThrownBy(() -> delete(dave, first)).isInstanceOf(AccessDeniedException.class);

    delete(bob, first);
    delete(alice, second);

    assertThat(list()).isEmpty();
    assertThat(count()).isZero();
    assertThatThrownBy(() -> delete(bob, first)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void viewersOtherOrganizationsAndBlanksSayNothing(
      Organization acme,
      Member alice,
      @Role(MemberRole.VIEWER) Member eve,
      Organization globex,
      Member carol) {
    Comment said = add(bob, "Yes!");

    assertThatThrownBy(() -> add(eve, "Me too")).isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> add(carol, "Me too")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> edit(carol, said, "Mine")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> delete(carol, said)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> add(bob, " ")).isInstanceOf(InvalidValueException.class);
    assertThat(list()).containsExactly(said);
  }

  @Test
  void pagesHoldEachOnce() {
    Comment first = add(bob, "1");
    Comment second = add(bob, "2");

    Page<Comment> page =
        plinth.as(dave).read(tx -> comments.list(tx, request, PageRequest.first(1)));
    PageRequest next = PageRequest.after(page.next().orElseThrow(), 1);
    Page<Comment> rest = plinth.as(dave).read(tx -> comments.list(tx, request, next));

    assertThat(page.items()).containsExactly(first);
    assertThat(rest.items()).containsExactly(second);
    assertThat(rest.next()).isEmpty();
  }

  private Comment add(Member as, String body) {
    return plinth.as(as).call(tx -> comments.add(tx, request, body));
  }

  private Comment edit(Member as, Comment said, String body) {
    return plinth.as(as).call(tx -> comments.edit(tx, said.id(), said.version(), body));
  }

  private void delete(Member as, Comment said) {
    plinth.as(as).run(tx -> comments.delete(tx, said.id(), said.version()));
  }

  private List<Comment> list() {
    return plinth.as(dave).read(tx -> comments.list(tx, request, PageRequest.first(100))).items();
  }

  private int count() {
    return plinth.as(dave).read(tx -> requests.get(tx, request)).commentCount();
  }
}
