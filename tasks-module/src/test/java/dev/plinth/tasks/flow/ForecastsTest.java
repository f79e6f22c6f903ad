package dev.plinth.tasks.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.board.Assignment;
import dev.plinth.tasks.board.NewWorkItem;
import dev.plinth.tasks.board.WorkItems;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forecasts, and how they come out over six years of generated work. */
@PlinthTest(TasksModule.class)
class ForecastsTest {

  private static final LocalDate FIRST = LocalDate.of(2020, 1, 6);
  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final int DAYS = 2_184;
  private static final int WINDOW = 84;

  /** Each is made, started and done on one day; triggers are off, so what they stamp is given. */
  private static final String LIFE =
      """
      WITH made AS (
        INSERT INTO plinth_tasks.work_items (organization_id, creator_id, title, status, started_at, completed_at)
        SELECT ?::uuid, ?::uuid, 'generated', 'done', ?::timestamptz + d.day * interval '1 day',
               ?::timestamptz + (d.day + 0.2) * interval '1 day'
        FROM unnest(?::integer[]) AS d (day)
        RETURNING organization_id, id, audience, started_at, completed_at)
      INSERT INTO plinth_tasks.work_item_transitions (
          organization_id, work_item_id, item_version, changed, kind, status, started_at, completed_at, is_deleted,
          audience, created_at)
      SELECT m.organization_id, m.id, v.version, v.changed, 'task', v.status, m.started_at,
             CASE v.status WHEN 'done' THEN m.completed_at END, false, m.audience,
             CASE v.status WHEN 'done' THEN m.completed_at ELSE m.started_at END
      FROM made m CROSS JOIN (VALUES (1, '{created}'::text[], 'in_progress'), (2, '{status}', 'done'))
        AS v (version, changed, status)
      """;

  private Plinth plinth;
  private TestDatabase database;
  private Member alice;

  @BeforeEach
  void prepare(Plinth plinth, TestDatabase database, Organization acme, Member alice) {
    this.plinth = plinth;
    this.database = database;
    this.alice = alice;
  }

  @Test
  void theHitRateIsAboutWhatItClaims() throws SQLException {
    generate(life(new Random(11)));

    double hitRate = backTest(new Forecasts()).hitRate().orElseThrow();

    assertThat(hitRate).isBetween(0.80, 0.93);
  }

  @Test
  void wrongSamplersAreFoundOutByTheirHitRate() throws SQLException {
    generate(life(new Random(11)));
    Sampler onlyBusyDays =
        (history, random) -> Arrays.stream(history).filter(done -> done > 0).toArray();
    Sampler bestWeek = (history, random) -> Arrays.copyOf(history, 7);
    Sampler mean =
        (history, random) ->
            new int[] {(int) Math.ceil(Arrays.stream(history).average().orElse(0))};

    assertThat(backTest(new Forecasts(onlyBusyDays)).hitRate().orElseThrow()).isLessThan(0.2);
    assertThat(backTest(new Forecasts(mean)).hitRate().orElseThrow()).isLessThan(0.2);
    assertThat(backTest(new Forecasts(bestWeek)).hitRate().orElseThrow()).isLessThan(0.75);
  }

  /** Three weeks tell little: who takes them for the truth promises too much. */
  @Test
  void drawingTheWindowAnewKeepsPromisesThatAShortWindowBreaks() throws SQLException {
    generate(life(new Random(11)));
    ForecastRequest shortly = request().window(21);

    BackTest drawnAgain = backTest(new Forecasts(), shortly);
    BackTest asTheyWere = backTest(new Forecasts(Sampler.AS_THEY_WERE), shortly);

    assertThat(drawnAgain.hitRate().orElseThrow()).isGreaterThan(0.78);
    assertThat(asTheyWere.hitRate().orElseThrow())
        .isLessThan(drawnAgain.hitRate().orElseThrow() - 0.03);
  }

  @Test
  void aPastForecastKnowsNothingOfWhatCame() throws SQLException {
    int[] life = life(new Random(5));
    int[] stopped = life.clone();
    Arrays.fill(stopped, 700, DAYS, 0);
    generate(stopped);

    BackTest backTest = backTest(new Forecasts());

    LocalDate end = FIRST.plusDays(700);
    assertThat(backTest.outcomes())
        .filteredOn(
            outcome -> outcome.asOf().isAfter(end.minusDays(10)) && outcome.asOf().isBefore(end))
        .isNotEmpty()
        .allMatch(outcome -> !outcome.hit() && outcome.finished().isEmpty());
    assertThat(backTest.outcomes())
        .noneMatch(outcome -> outcome.asOf().isAfter(end.plusDays(WINDOW)));
  }

  @Test
  void theSameSeedGivesTheSameForecast() throws SQLException {
    generate(life(new Random(3)));

    Forecast one = finish(request());

    assertThat(finish(request())).isEqualTo(one);
    assertThat(one.p50().orElseThrow()).isBefore(one.p85().orElseThrow());
    assertThat(one.p85().orElseThrow()).isBefore(one.p95().orElseThrow());
    assertThat(one.asOf()).isBefore(one.p50().orElseThrow());
  }

  @Test
  void whatRemainsIsForecastAndWhatWasNeverDoneHasNoDate(WorkItems items) throws SQLException {
    plinth.as(alice).run(tx -> items.create(tx, NewWorkItem.task("Paint")));
    LocalDate today = LocalDate.now(UTC);

    Forecast never = finish(ForecastRequest.of(FlowScope.all(), today, UTC));
    assertThat(never.items()).isEqualTo(1);
    assertThat(never.p50()).isEmpty();
    assertThat(never.p95()).isEmpty();

    Forecast done =
        finish(ForecastRequest.of(FlowScope.all().project(UUID.randomUUID()), today, UTC));
    assertThat(done.items()).isZero();
    assertThat(done.p95()).contains(today);
  }

  @Test
  void aForecastIsOfWhatWhoAsksSees(Organization acme, Member bob, WorkItems items) {
    plinth
        .as(alice)
        .run(
            tx ->
                items.create(
                    tx, NewWorkItem.task("Paint").assigned(Assignment.to(MemberRole.DESIGNER))));
    ForecastRequest request = ForecastRequest.of(FlowScope.all(), LocalDate.now(UTC), UTC);

    Forecast bobs = plinth.as(bob).read(tx -> new Forecasts().finish(tx, request));

    assertThat(finish(request).items()).isEqualTo(1);
    assertThat(bobs.items()).isZero();
  }

  @Test
  void aQuestionThatCannotBeAnsweredIsRefused() {
    ForecastRequest request = request();

    assertThatThrownBy(() -> request.window(10)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> request.items(0)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> request.trials(1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .read(tx -> new Forecasts().backTest(tx, request, request.asOf(), 7)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Days.of(FIRST, FIRST.minusDays(1), UTC))
        .isInstanceOf(InvalidValueException.class);
  }

  /** On working days none, one, two or three; at weekends none. */
  private static int[] life(Random random) {
    int[] done = new int[DAYS];
    for (int day = 0; day < DAYS; day++) {
      boolean weekend = day % 7 >= 5;
      done[day] = weekend || random.nextInt(3) == 0 ? 0 : random.nextInt(4);
    }
    return done;
  }

  private static ForecastRequest request() {
    return ForecastRequest.of(FlowScope.all(), FIRST.plusDays(DAYS - 1), UTC)
        .window(WINDOW)
        .items(15)
        .trials(500);
  }

  private BackTest backTest(Forecasts forecasts) {
    return backTest(forecasts, request());
  }

  private BackTest backTest(Forecasts forecasts, ForecastRequest request) {
    BackTest backTest =
        plinth.as(alice).read(tx -> forecasts.backTest(tx, request, FIRST.plusDays(WINDOW), 5));
    assertThat(backTest.outcomes()).hasSizeGreaterThan(100);
    return backTest;
  }

  private Forecast finish(ForecastRequest request) {
    return plinth.as(alice).read(tx -> new Forecasts().finish(tx, request));
  }

  private void generate(int[] life) throws SQLException {
    Integer[] days = new Integer[Arrays.stream(life).sum()];
    int next = 0;
    for (int day = 0; day < life.length; day++) {
      for (int i = 0; i < life[day]; i++) {
        days[next++] = day;
      }
    }
    try (Connection connection = database.superuser().getConnection();
        Statement replica = connection.createStatement();
        PreparedStatement insert = connection.prepareStatement(LIFE)) {
      connection.setAutoCommit(false);
      replica.execute("SET LOCAL session_replication_role = replica");
      insert.setObject(1, alice.organizationId());
      insert.setObject(2, alice.userId());
      insert.setString(3, FIRST + "T09:00:00Z");
      insert.setString(4, FIRST + "T09:00:00Z");
      insert.setArray(5, connection.createArrayOf("integer", days));
      insert.executeUpdate();
      connection.commit();
    }
  }
}
