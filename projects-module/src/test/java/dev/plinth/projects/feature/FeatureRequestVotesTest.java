package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest(ProjectsModule.class)
class FeatureRequestVotesTest {

  private Plinth plinth;
  private FeatureRequests requests;
  private FeatureRequestVotes votes;
  private Member alice;
  private Member bob;
  private UUID request;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      FeatureRequests requests,
      FeatureRequestVotes votes,
      Organization acme,
      Member alice,
      Member bob) {
    this.plinth = plinth;
    this.requests = requests;
    this.votes = votes;
    this.alice = alice;
    this.bob = bob;
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
  void aVoteCountsWithItsWeightAndEverybodySeesTheirOwn() {
    plinth.as(alice).run(tx -> votes.vote(tx, request));
    plinth.as(bob).run(tx -> votes.vote(tx, request, new BigDecimal("12.50")));

    FeatureRequest seenByBob = get(bob);
    assertThat(seenByBob.voteCount()).isEqualTo(2);
    assertThat(seenByBob.voteWeight()).isEqualByComparingTo("13.50");
    assertThat(seenByBob.ownVote()).contains(new BigDecimal("12.50"));
    assertThat(get(alice).ownVote()).contains(new BigDecimal("1.00"));
    assertThat(list())
        .extracting(Vote::userId)
        .containsExactlyInAnyOrder(alice.userId(), bob.userId());
  }

  @Test
  void votingAgainChangesTheWeightOrNothing() {
    plinth.as(bob).run(tx -> votes.vote(tx, request, BigDecimal.TEN));
    List<Vote> before = list();

    plinth.as(bob).run(tx -> votes.vote(tx, request, new BigDecimal("10.0")));
    assertThat(list()).isEqualTo(before);

    plinth.as(bob).run(tx -> votes.vote(tx, request, BigDecimal.ONE));
    assertThat(get(bob).voteCount()).isEqualTo(1);
    assertThat(get(bob).voteWeight()).isEqualByComparingTo("1");
  }

  @Test
  void aVoteIsWithdrawnOnce() {
    plinth.as(bob).run(tx -> votes.vote(tx, request));

    plinth.as(bob).run(tx -> votes.withdraw(tx, request));
    plinth.as(bob).run(tx -> votes.withdraw(tx, request));

    assertThat(list()).isEmpty();
    assertThat(get(bob).voteCount()).isZero();
    assertThat(get(bob).voteWeight()).isEqualByComparingTo("0");
    assertThat(get(bob).ownVote()).isEmpty();
  }

  @Test
  void aVoteChangesNoVersion() {
    int before = get(alice).version();

    plinth.as(bob).run(tx -> votes.vote(tx, request));

    assertThat(get(alice).version()).isEqualTo(before);
  }

  @Test
  void aStrangerDoesNotVote(Organization acme, Organization globex, Member carol) {
    assertThatThrownBy(() -> plinth.as(carol).run(tx -> votes.vote(tx, request)))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> plinth.as(acme.id(), carol.userId()).run(tx -> votes.vote(tx, request)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(list()).isEmpty();
    assertThat(get(alice).voteCount()).isZero();
  }

  @Test
  void whoLeftDoesNotVoteAndTheEarlierVoteStillCounts(Members members) {
    plinth.as(bob).run(tx -> votes.vote(tx, request));
    plinth.as(alice).run(tx -> members.remove(tx, bob.userId(), bob.version()));

    assertThatThrownBy(() -> plinth.as(bob).run(tx -> votes.vote(tx, request, BigDecimal.TEN)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(get(alice).voteWeight()).isEqualByComparingTo("1");
    assertThat(list()).extracting(Vote::displayName).containsExactly(bob.displayName());
  }

  @Test
  void viewersAndServicesDoNotVote(
      Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    assertThatThrownBy(() -> plinth.as(eve).run(tx -> votes.vote(tx, request)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(eve).run(tx -> votes.withdraw(tx, request)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.asService(acme.id(), "poll").run(tx -> votes.vote(tx, request)))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(list()).isEmpty();
  }

  @Test
  void nobodyVotesForAnother() {
    plinth.as(bob).run(tx -> votes.vote(tx, request));
    String forged =
        "INSERT INTO plinth_projects.feature_request_votes"
            + " (organization_id, feature_request_id, user_id) VALUES (?, ?, ?)";

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> tx.dsl().execute(forged, tx.organizationId(), request, bob.userId())))
        .isInstanceOf(AccessDeniedException.class);
    int changed =
        plinth
            .as(alice)
            .call(
                tx ->
                    tx.dsl()
                        .execute("UPDATE plinth_projects.feature_request_votes SET weight = 9"));
    int deleted =
        plinth
            .as(alice)
            .call(tx -> tx.dsl().execute("DELETE FROM plinth_projects.feature_request_votes"));
    assertThat(changed + deleted).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "0.001", "10000000000"})
  void aWeightOutOfRangeIsRefused(String weight) {
    assertThatThrownBy(
            () -> plinth.as(bob).run(tx -> votes.vote(tx, request, new BigDecimal(weight))))
        .isInstanceOf(InvalidValueException.class);
    assertThat(list()).isEmpty();
  }

  @Test
  void manyVotesAtOnceAreCountedEach(
      Organization acme, Member alice, Member v1, Member v2, Member v3, Member v4)
      throws Exception {
    List<Callable<Void>> work = new ArrayList<>();
    for (Member voter : List.of(v1, v2, v3, v4)) {
      work.add(
          () -> {
            for (int i = 0; i < 10; i++) {
              plinth.as(voter).run(tx -> votes.vote(tx, request, BigDecimal.TEN));
              plinth.as(voter).run(tx -> votes.withdraw(tx, request));
            }
            plinth.as(voter).run(tx -> votes.vote(tx, request));
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(work.size());
    try {
      for (Future<Void> future : threads.invokeAll(work)) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(get(alice).voteCount()).isEqualTo(4);
    assertThat(get(alice).voteWeight()).isEqualByComparingTo("4");
  }

  private FeatureRequest get(Member as) {
    return plinth.as(as).read(tx -> requests.get(tx, request));
  }

  private List<Vote> list() {
    return plinth.as(alice).read(tx -> votes.list(tx, request, PageRequest.first(100))).items();
  }
}
