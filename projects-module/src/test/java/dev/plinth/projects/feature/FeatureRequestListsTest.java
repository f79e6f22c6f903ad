package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.SettableClock;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@PlinthTest(ProjectsModule.class)
class FeatureRequestListsTest {

  private static final FeatureRequestFilter ALL = FeatureRequestFilter.all();

  private Plinth plinth;
  private Projects projects;
  private FeatureRequests requests;
  private FeatureRequestVotes votes;
  private SettableClock clock;
  private Member alice;
  private Member bob;
  private UUID project;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      FeatureRequests requests,
      FeatureRequestVotes votes,
      SettableClock clock,
      Organization acme,
      Member alice,
      Member bob) {
    this.plinth = plinth;
    this.projects = projects;
    this.requests = requests;
    this.votes = votes;
    this.clock = clock;
    this.alice = alice;
    this.bob = bob;
    this.project = newProject();
  }

  @AfterEach
  void resetTheClock() {
    clock.reset();
  }

  @Test
  void theyAreSortedByNewsVotesOrPriority() {
    UUID low = create(titled("a").priority(Priority.LOW));
    UUID high = create(titled("b").priority(Priority.HIGH));
    UUID medium = create(titled("c"));
    plinth.as(alice).run(tx -> votes.vote(tx, low, new BigDecimal("2.50")));
    plinth.as(bob).run(tx -> votes.vote(tx, low, new BigDecimal("2.50")));
    plinth.as(bob).run(tx -> votes.vote(tx, medium, new BigDecimal(4)));

    assertThat(ids(ALL, FeatureRequestOrder.NEWEST)).containsExactly(medium, high, low);
    assertThat(ids(ALL, FeatureRequestOrder.VOTES)).containsExactly(low, medium, high);
    assertThat(ids(ALL, FeatureRequestOrder.PRIORITY)).containsExactly(high, medium, low);
  }

  @ParameterizedTest
  @EnumSource(FeatureRequestOrder.class)
  void pagesHoldEachOnceAlsoWhereManyAreEqual(FeatureRequestOrder order) {
    List<UUID> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      UUID id = create(titled("n" + i).priority(Priority.values()[i % 3]));
      int weight = i % 3 + 1;
      plinth.as(bob).run(tx -> votes.vote(tx, id, new BigDecimal(weight)));
      all.add(id);
    }

    List<UUID> paged = pages((tx, page) -> requests.list(tx, ALL, order, page), 2);

    assertThat(paged).containsExactlyElementsOf(ids(ALL, order));
    assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void aFilterHolds() {
    clock.freezeAt(Instant.parse("2031-05-06T23:30:00Z"));
    LocalDate today = LocalDate.of(2031, 5, 6);
    UUID bobs = plinth.as(bob).call(tx -> requests.create(tx, project, titled("a"))).id();
    UUID assigned = create(titled("b").assignedTo(bob.userId()).deadline(today));
    UUID late = create(titled("c").deadline(today.minusDays(1)));
    UUID rejected = create(titled("d").deadline(today.minusDays(1)));
    plinth.as(alice).run(tx -> requests.changeStatus(tx, rejected, 1, FeatureStatus.REJECTED));
    UUID elsewhere = newProject();
    UUID other = plinth.as(alice).call(tx -> requests.create(tx, elsewhere, titled("e"))).id();

    assertThat(ids(ALL.project(elsewhere))).containsExactly(other);
    assertThat(ids(ALL.proposedBy(bob.userId()))).containsExactly(bobs);
    assertThat(ids(ALL.assignedTo(bob.userId()))).containsExactly(assigned);
    assertThat(ids(ALL.status(FeatureStatus.REJECTED))).containsExactly(rejected);
    assertThat(ids(ALL.onlyOverdue())).containsExactly(late);
    assertThat(ids(ALL.onlyOverdue().status(FeatureStatus.PLANNED))).isEmpty();
  }

  @Test
  void aPageIsOneStatementWithCountsAndTheOwnVote() {
    for (int i = 0; i < 20; i++) {
      UUID id = create(titled("n" + i));
      plinth.as(bob).run(tx -> votes.vote(tx, id));
    }
    String calls =
        "SELECT sum(seq_scan + idx_scan)::bigint FROM pg_stat_xact_user_tables"
            + " WHERE relname = 'feature_requests'";

    long[] scans = new long[2];
    Page<FeatureRequest> page =
        plinth
            .as(bob)
            .read(
                tx -> {
                  long before = tx.dsl().fetchSingle(calls).get(0, Long.class);
                  Page<FeatureRequest> read =
                      requests.list(tx, ALL, FeatureRequestOrder.NEWEST, PageRequest.first(20));
                  scans[0] = tx.dsl().fetchSingle(calls).get(0, Long.class) - before;
                  return read;
                });

    assertThat(page.items())
        .hasSize(20)
        .allSatisfy(
            request -> {
              assertThat(request.voteCount()).isEqualTo(1);
              assertThat(request.ownVote()).isPresent();
            });
    assertThat(scans[0]).isEqualTo(1);
  }

  @Test
  void wordsAreFoundInTitleAndDescriptionAndTheTitleCountsMore() {
    UUID described = create(titled("Something").description("about nightly builds"));
    UUID titled = create(titled("Nightly builds"));
    create(titled("Weekly builds"));

    assertThat(search("NIGHTLY", ALL)).containsExactly(titled, described);
    assertThat(search("nightly -about", ALL)).containsExactly(titled);
    assertThat(search("nightly", ALL.project(newProject()))).isEmpty();
    assertThat(search("nightly", ALL.status(FeatureStatus.PLANNED))).isEmpty();
  }

  @Test
  void whatIsDeletedOrAnothersIsNotFound(Organization globex, Member carol) {
    UUID gone = create(titled("Nightly builds"));
    UUID here = create(titled("Nightly builds"));
    plinth.as(alice).run(tx -> requests.delete(tx, gone, 1));
    plinth
        .as(carol)
        .run(
            tx -> {
              UUID theirs = projects.create(tx, NewProject.named("Vostok")).id();
              requests.create(tx, theirs, titled("Nightly builds"));
            });

    assertThat(search("nightly", ALL)).containsExactly(here);
  }

  @Test
  void whatResemblesIsShownBeforeItIsProposedAgain() {
    UUID close = create(titled("Dark mode for the editor"));
    create(titled("Faster search"));

    Page<FeatureRequest> similar =
        plinth
            .as(bob)
            .read(
                tx -> requests.similar(tx, "a dark mode in the editor", ALL, PageRequest.first(5)));

    assertThat(similar.items()).extracting(FeatureRequest::id).containsExactly(close);
  }

  @Test
  void pagesOfASearchHoldEachOnceThoughAFilterLeavesMostOut() {
    List<UUID> wanted = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      UUID id = create(titled("Nightly build " + i));
      if (i % 8 == 0) {
        plinth.as(alice).run(tx -> requests.changeStatus(tx, id, 1, FeatureStatus.PLANNED));
        wanted.add(id);
      }
    }
    FeatureRequestFilter planned = ALL.status(FeatureStatus.PLANNED);

    assertThat(pages((tx, page) -> requests.search(tx, "nightly", planned, page), 2))
        .containsExactlyInAnyOrderElementsOf(wanted);
  }

  @Test
  void theCursorOfAnotherListFilterOrOrganizationIsRefused(Organization globex, Member carol) {
    create(titled("Nightly builds"));
    create(titled("Nightly builds"));
    String cursor =
        plinth
            .as(alice)
            .read(tx -> requests.list(tx, ALL, FeatureRequestOrder.VOTES, PageRequest.first(1)))
            .next()
            .orElseThrow();
    PageRequest next = PageRequest.after(cursor, 1);

    refused(alice, tx -> requests.list(tx, ALL, FeatureRequestOrder.NEWEST, next));
    refused(alice, tx -> requests.list(tx, ALL, FeatureRequestOrder.PRIORITY, next));
    refused(alice, tx -> requests.list(tx, ALL.onlyOverdue(), FeatureRequestOrder.VOTES, next));
    refused(carol, tx -> requests.list(tx, ALL, FeatureRequestOrder.VOTES, next));
    refused(alice, tx -> requests.search(tx, "nightly", ALL, next));
    Page<FeatureRequest> page =
        plinth.as(alice).read(tx -> requests.list(tx, ALL, FeatureRequestOrder.VOTES, next));
    assertThat(page.items()).hasSize(1);
  }

  private interface Call {
    Object with(TenantTx tx);
  }

  private void refused(Member as, Call call) {
    assertThatThrownBy(() -> plinth.as(as).read(call::with))
        .isInstanceOf(InvalidCursorException.class);
  }

  private List<UUID> pages(
      BiFunction<TenantTx, PageRequest, Page<FeatureRequest>> list, int limit) {
    List<UUID> all = new ArrayList<>();
    PageRequest request = PageRequest.first(limit);
    while (true) {
      PageRequest now = request;
      Page<FeatureRequest> page = plinth.as(bob).read(tx -> list.apply(tx, now));
      page.items().forEach(item -> all.add(item.id()));
      if (page.next().isEmpty()) {
        return all;
      }
      assertThat(page.items()).hasSize(limit);
      request = PageRequest.after(page.next().get(), limit);
    }
  }

  private List<UUID> search(String text, FeatureRequestFilter filter) {
    return pages((tx, page) -> requests.search(tx, text, filter, page), 100);
  }

  private List<UUID> ids(FeatureRequestFilter filter) {
    return ids(filter, FeatureRequestOrder.NEWEST);
  }

  private List<UUID> ids(FeatureRequestFilter filter, FeatureRequestOrder order) {
    return pages((tx, page) -> requests.list(tx, filter, order, page), 100);
  }

  private UUID create(NewFeatureRequest request) {
    return plinth.as(alice).call(tx -> requests.create(tx, project, request)).id();
  }

  private UUID newProject() {
    return plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
  }

  private static NewFeatureRequest titled(String title) {
    return NewFeatureRequest.titled(title);
  }
}
