package dev.plinth.tasks.triage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConstraintViolationException;
import dev.plinth.base.error.IllegalTransitionException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@PlinthTest(TasksModule.class)
class TriageItemsTest {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final TriageFilter ALL = TriageFilter.all();
  private static final NewTriageItem CRASH = NewTriageItem.titled("The editor crashes");

  private Plinth plinth;
  private TriageItems items;
  private Notifications notifications;
  private Member alice;
  private Member bob;
  private Member carol;

  @BeforeEach
  void prepare(
      Plinth plinth,
      TriageItems items,
      Notifications notifications,
      Organization acme,
      Member alice,
      Member bob,
      Member carol) {
    this.plinth = plinth;
    this.items = items;
    this.notifications = notifications;
    this.alice = alice;
    this.bob = bob;
    this.carol = carol;
  }

  @Test
  void whatIsReportedIsPendingAndSeenByEveryMember(
      Organization acme, @Role(MemberRole.VIEWER) Member eve) {
    TriageItem item = report(CRASH.description("On Fridays").category("bug"));

    TriageItem seen = plinth.as(eve).read(tx -> items.get(tx, item.id()));

    assertThat(seen).isEqualTo(item);
    assertThat(seen.reporter()).contains(bob.userId());
    assertThat(seen.status()).isEqualTo(TriageStatus.PENDING);
    assertThat(seen.category()).contains("bug");
    assertThatThrownBy(() -> plinth.as(eve).run(tx -> items.report(tx, CRASH)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(eve).run(tx -> items.resolve(tx, item.id(), 1, "No")))
        .isInstanceOf(AccessDeniedException.class);
  }

  /** From every status to every other, by the service and by hand. */
  @ParameterizedTest
  @EnumSource(TriageStatus.class)
  void itsLifeIsTheSameInJavaAndInTheDatabase(TriageStatus from) {
    for (TriageStatus to : TriageStatus.values()) {
      TriageItem item = in(from);
      String resolution = to == TriageStatus.RESOLVED ? "'Done'" : "resolution";
      String sql =
          "UPDATE plinth_tasks.triage_items SET status = '%s', resolution = %s WHERE id = '%s'"
              .formatted(to.name().toLowerCase(Locale.ROOT), resolution, item.id());
      if (to == from) {
        assertThatThrownBy(() -> move(item, to)).isInstanceOf(IllegalTransitionException.class);
      } else if (from.canBecome(to)) {
        assertThat(move(item, to).status()).isEqualTo(to);
        TriageItem other = in(from);
        plinth.as(bob).run(tx -> tx.dsl().execute(sql.replace(item.id() + "", other.id() + "")));
        assertThat(get(other).status()).isEqualTo(to);
      } else {
        assertThatThrownBy(() -> move(item, to)).isInstanceOf(IllegalTransitionException.class);
        assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(sql)))
            .isInstanceOf(IllegalTransitionException.class);
      }
    }
  }

  @Test
  void nothingIsResolvedWithoutSayingWhatCameOfIt() {
    TriageItem item = report(CRASH);
    String byHand = "UPDATE plinth_tasks.triage_items SET status = 'resolved' WHERE id = ?";
    String before = "UPDATE plinth_tasks.triage_items SET resolution = 'Done' WHERE id = ?";

    assertThatThrownBy(
            () ->
                plinth
                    .as(bob)
                    .run(tx -> items.changeStatus(tx, item.id(), 1, TriageStatus.RESOLVED)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> items.resolve(tx, item.id(), 1, " ")))
        .isInstanceOf(InvalidValueException.class);
    for (String sql : List.of(byHand, before)) {
      assertThatThrownBy(() -> plinth.as(bob).run(tx -> tx.dsl().execute(sql, item.id())))
          .isInstanceOfSatisfying(
              ConstraintViolationException.class,
              e -> assertThat(e.constraint()).endsWith("resolved_with_resolution_ck"));
    }
    assertThat(get(item)).isEqualTo(item);
  }

  @Test
  void reopeningClearsWhatCameOfIt() {
    TriageItem resolved = move(report(CRASH), TriageStatus.RESOLVED);
    assertThat(resolved.resolution()).contains("Done");
    assertThat(resolved.closedBy()).contains(bob.userId());
    assertThat(resolved.closedAt()).isPresent();

    TriageItem reopened = move(resolved, TriageStatus.PENDING);

    assertThat(reopened.resolution()).isEmpty();
    assertThat(reopened.closedAt()).isEmpty();
    assertThat(reopened.closedBy()).isEmpty();
  }

  @Test
  void everybodyTriagesAndTheReporterKeepsTheWords() {
    TriageItem item = report(CRASH);
    TriageChanges sorting =
        TriageChanges.none().priority(Priority.HIGH).category("bug").assignee(carol.userId());
    TriageChanges words = TriageChanges.none().title("The editor hangs");
    String byHand = "UPDATE plinth_tasks.triage_items SET title = 'Mine' WHERE id = ?";

    TriageItem sorted = plinth.as(carol).call(tx -> items.update(tx, item.id(), 1, sorting));

    assertThat(sorted.priority()).isEqualTo(Priority.HIGH);
    assertThat(sorted.assignee()).contains(carol.userId());
    assertThatThrownBy(() -> plinth.as(carol).run(tx -> items.update(tx, item.id(), 2, words)))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> plinth.as(carol).run(tx -> tx.dsl().execute(byHand, item.id())))
        .isInstanceOf(AccessDeniedException.class);
    plinth.as(bob).run(tx -> items.update(tx, item.id(), 2, words));
    plinth.as(alice).run(tx -> items.update(tx, item.id(), 3, words));
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> items.update(tx, item.id(), 3, words)))
        .isInstanceOf(StaleVersionException.class);
    assertThatThrownBy(
            () -> plinth.as(bob).run(tx -> items.update(tx, item.id(), 4, TriageChanges.none())))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void assigneeAndReporterAreToldAndNotWhoDoesIt() {
    TriageItem item = plinth.as(bob).call(tx -> items.report(tx, CRASH.assignedTo(carol.userId())));
    assertThat(told(carol)).containsExactly("triage_item.assigned");
    assertThat(told(bob)).isEmpty();

    plinth.as(carol).run(tx -> items.resolve(tx, item.id(), 1, "Done"));
    assertThat(told(carol)).containsExactly("triage_item.assigned");
    assertThat(told(bob)).containsExactly("triage_item.resolved");

    plinth.as(alice).run(tx -> items.changeStatus(tx, item.id(), 2, TriageStatus.PENDING));
    plinth.as(alice).run(tx -> items.changeStatus(tx, item.id(), 3, TriageStatus.REJECTED));
    assertThat(told(carol)).containsExactly("triage_item.rejected", "triage_item.assigned");
    assertThat(told(bob)).containsExactly("triage_item.rejected", "triage_item.resolved");
  }

  @Test
  void whoKeepsAnItemIsNotToldAgainAndStrangersGetNone(Organization globex, Member mallory) {
    TriageItem item = plinth.as(bob).call(tx -> items.report(tx, CRASH.assignedTo(carol.userId())));
    TriageChanges same = TriageChanges.none().assignee(carol.userId());

    plinth.as(bob).run(tx -> items.update(tx, item.id(), 1, same));

    assertThat(told(carol)).hasSize(1);
    TriageChanges strange = TriageChanges.none().assignee(mallory.userId());
    assertThatThrownBy(() -> plinth.as(bob).run(tx -> items.update(tx, item.id(), 2, strange)))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void theQueueBeginsWithTheMostUrgentAndThenTheOldest() {
    TriageItem low = report(CRASH.priority(Priority.LOW));
    TriageItem first = report(CRASH.priority(Priority.HIGH));
    TriageItem second = report(CRASH.priority(Priority.HIGH));
    TriageItem critical = report(CRASH.priority(Priority.CRITICAL));

    Page<TriageItem> page = plinth.as(carol).read(tx -> items.list(tx, ALL, PageRequest.first(2)));
    PageRequest next = PageRequest.after(page.next().orElseThrow(), 2);
    Page<TriageItem> rest = plinth.as(carol).read(tx -> items.list(tx, ALL, next));

    assertThat(page.items()).containsExactly(critical, first);
    assertThat(rest.items()).containsExactly(second, low);
    assertThat(rest.next()).isEmpty();
  }

  @Test
  void aFilterNarrowsTheQueue() {
    TriageItem bug = report(CRASH.category("bug").assignedTo(carol.userId()));
    TriageItem review = move(report(CRASH), TriageStatus.IN_REVIEW);
    TriageItem alices = plinth.as(alice).call(tx -> items.report(tx, CRASH));

    assertThat(list(ALL.category("bug"))).containsExactly(bug);
    assertThat(list(ALL.assignedTo(carol.userId()))).containsExactly(bug);
    assertThat(list(ALL.status(TriageStatus.IN_REVIEW))).containsExactly(review);
    assertThat(list(ALL.reportedBy(alice.userId()))).containsExactly(alices);
  }

  @Test
  void whatResemblesIsSuggestedTheClosestFirst(Organization globex, Member mallory) {
    TriageItem crash = report(CRASH);
    TriageItem crashes = report(NewTriageItem.titled("The new editor often crashes"));
    report(NewTriageItem.titled("Invoices are printed twice"));
    plinth.as(mallory).run(tx -> items.report(tx, CRASH));

    Page<TriageItem> similar =
        plinth.as(carol).read(tx -> items.similar(tx, "the editor crashes", ALL, PAGE));

    assertThat(similar.items()).containsExactly(crash, crashes);
  }

  private TriageItem in(TriageStatus status) {
    TriageItem item = report(CRASH);
    return status == TriageStatus.PENDING ? item : move(item, status);
  }

  private TriageItem move(TriageItem item, TriageStatus to) {
    return plinth
        .as(bob)
        .call(
            tx ->
                to == TriageStatus.RESOLVED
                    ? items.resolve(tx, item.id(), item.version(), "Done")
                    : items.changeStatus(tx, item.id(), item.version(), to));
  }

  private TriageItem report(NewTriageItem item) {
    return plinth.as(bob).call(tx -> items.report(tx, item));
  }

  private TriageItem get(TriageItem item) {
    return plinth.as(bob).read(tx -> items.get(tx, item.id()));
  }

  private List<TriageItem> list(TriageFilter filter) {
    return plinth.as(carol).read(tx -> items.list(tx, filter, PAGE)).items();
  }

  private List<String> told(Member who) {
    return plinth.as(who).read(tx -> notifications.list(tx, PAGE)).items().stream()
        .map(Notification::type)
        .toList();
  }
}
