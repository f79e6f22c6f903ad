package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From when until when something recurs, and the last time that it did. */
class RecurrenceTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Recurrence HOURLY = Recurrence.of("0 * * * *", "UTC");

  @Test
  void itsStartCountsAndItsEndDoesNot() {
    Recurrence bounded = HOURLY.startingAt(NOON).endingAt(NOON.plusSeconds(7200));

    assertThat(bounded.upcoming(NOON.minusSeconds(86_400), 10))
        .containsExactly(NOON, NOON.plusSeconds(3600));
    assertThat(bounded.next(NOON)).contains(NOON.plusSeconds(3600));
    assertThat(bounded.next(NOON.plusSeconds(3600))).isEmpty();
  }

  @Test
  void theLastOneIsTheOneThatCountingThroughFinds() {
    Random random = new Random(7);
    for (String cron : List.of("30 2 * * *", "*/15 * * * *", "0 3 * * SUN", "5,50 1-3 25 10 *")) {
      Recurrence recurrence =
          Recurrence.of(cron, "Europe/Berlin").startingAt(Instant.parse("2026-10-20T00:00:00Z"));
      for (int i = 0; i < 200; i++) {
        Instant after =
            Instant.parse("2026-10-18T00:00:00Z").plusMillis(random.nextInt(9 * 86_400_000));
        Instant until = after.plusMillis(random.nextInt(3 * 86_400_000));

        assertThat(recurrence.last(after, until))
            .as("%s after %s until %s", cron, after, until)
            .isEqualTo(counted(recurrence, after, until));
      }
    }
  }

  private static Optional<Instant> counted(Recurrence recurrence, Instant after, Instant until) {
    return recurrence.upcoming(after, 1000).stream()
        .filter(instant -> !instant.isAfter(until))
        .reduce((earlier, later) -> later);
  }
}
