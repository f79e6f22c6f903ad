package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares {@link Cron} with a daemon that wakes up at every tick, looks at the clock on the wall,
 * and knows nothing of zones: what {@code cron(8)} says of clocks that are changed, played out.
 */
class CronDaemonTest {

  private static final long SEED = 20_261_120;
  private static final Instant FIRST = Instant.parse("1971-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2038-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "UTC",
        "Pacific/Apia",
        "Africa/Casablanca",
        "Africa/Cairo",
        "America/Sao_Paulo",
        "Antarctica/Troll",
        "Asia/Kathmandu"
      })
  void itIsDueWhenTheDaemonRuns(ZoneId zone) {
    Random random = new Random(SEED);
    int due = 0;
    for (int i = 0; i < 100; i++) {
      Instant middle = interesting(random, zone);
      Crontab line = Crontab.around(random, LocalDateTime.ofInstant(middle, zone), false);
      Instant start = middle.minus(36, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES);
      Daemon daemon = new Daemon(line, zone, Duration.ofMinutes(1));
      due += compare(daemon, start, middle.plus(36, ChronoUnit.HOURS), random);
    }
    assertThat(due).isGreaterThan(5_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"})
  void itIsDueToTheSecondWhenTheDaemonRuns(ZoneId zone) {
    Random random = new Random(SEED);
    int due = 0;
    for (int i = 0; i < 50; i++) {
      Instant middle = interesting(random, zone);
      Crontab line = Crontab.around(random, LocalDateTime.ofInstant(middle, zone), true);
      Daemon daemon = new Daemon(line, zone, Duration.ofSeconds(1));
      due +=
          compare(
              daemon, middle.minus(2, ChronoUnit.HOURS), middle.plus(2, ChronoUnit.HOURS), random);
    }
    assertThat(due).isGreaterThan(10_000);
  }

  @Test
  void itIsDueOnTheDaysOfTheCalendar() {
    Random random = new Random(SEED);
    LocalDateTime start = LocalDateTime.parse("2093-12-31T12:00");
    for (int i = 0; i < 300; i++) {
      Crontab line = Crontab.ofDays(random);
      List<Instant> expected = new ArrayList<>();
      for (LocalDateTime day = start.plusDays(1); day.getYear() < 2105; day = day.plusDays(1)) {
        if (line.shows(day)) {
          expected.add(day.toInstant(ZoneOffset.UTC));
        }
      }

      Cron cron = Cron.parse(line.text());

      Instant end = Instant.parse("2105-01-01T00:00:00Z");
      assertThat(due(cron, ZoneOffset.UTC, start.toInstant(ZoneOffset.UTC), end))
          .as(line.text())
          .isEqualTo(expected);
    }
  }

  @Test
  void itGoesForwardOverEveryChangeOfEveryZone() {
    Cron minutes = Cron.parse("* * * * *");
    for (String name : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
      ZoneId zone = ZoneId.of(name);
      for (ZoneOffsetTransition change : changes(zone)) {
        LocalDateTime first = change.getDateTimeBefore();
        Cron named =
            Cron.parse(
                "%d,%d %d,%d * * *"
                    .formatted(
                        first.getMinute(),
                        change.getDateTimeAfter().getMinute(),
                        first.getHour(),
                        change.getDateTimeAfter().getHour()));
        Instant before = change.getInstant().minus(1, ChronoUnit.HOURS);
        forward(minutes, before.plus(58, ChronoUnit.MINUTES), zone);
        forward(named, before, zone);
      }
    }
  }

  private static void forward(Cron cron, Instant after, ZoneId zone) {
    Instant last = after;
    for (int i = 0; i < 5; i++) {
      Instant next = cron.next(last, zone).orElseThrow();
      assertThat(next).as("%s in %s", cron, zone).isAfter(last);
      last = next;
    }
  }

  private static List<ZoneOffsetTransition> changes(ZoneId zone) {
    List<ZoneOffsetTransition> changes = new ArrayList<>();
    ZoneOffsetTransition change = zone.getRules().nextTransition(Instant.EPOCH);
    while (change != null && change.getInstant().isBefore(LAST)) {
      changes.add(change);
      change = zone.getRules().nextTransition(change.getInstant());
    }
    return changes;
  }

  /** How often it was due. */
  private static int compare(Daemon daemon, Instant start, Instant end, Random random) {
    Cron cron = Cron.parse(daemon.line.text());
    List<Instant> expected = daemon.runs(start, end);

    assertThat(due(cron, daemon.zone, start, end))
        .as("%s in %s after %s", cron, daemon.zone, start)
        .isEqualTo(expected);
    for (int i = 0; i < 5; i++) {
      long seconds = random.nextLong(Duration.between(start, end).toSeconds());
      Instant any = start.plusSeconds(seconds).plusNanos(random.nextInt(1_000_000_000));
      Optional<Instant> next = expected.stream().filter(run -> run.isAfter(any)).findFirst();
      assertThat(cron.next(any, daemon.zone).filter(run -> !run.isAfter(end)))
          .as("%s in %s after %s", cron, daemon.zone, any)
          .isEqualTo(next);
    }
    return expected.size();
  }

  /** After the start, and until the end. */
  private static List<Instant> due(Cron cron, ZoneId zone, Instant start, Instant end) {
    List<Instant> due = new ArrayList<>();
    Optional<Instant> next = cron.next(start, zone);
    while (next.isPresent() && !next.get().isAfter(end)) {
      due.add(next.get());
      next = cron.next(next.get(), zone);
    }
    return due;
  }

  /** Mostly where a clock was changed, if it ever was. */
  private static Instant interesting(Random random, ZoneId zone) {
    long seconds = random.nextLong(Duration.between(FIRST, LAST).toSeconds());
    Instant any = FIRST.plusSeconds(seconds).truncatedTo(ChronoUnit.MINUTES);
    ZoneOffsetTransition change = zone.getRules().nextTransition(any);
    boolean plain = change == null || change.getInstant().isAfter(LAST) || random.nextInt(5) == 0;
    return plain ? any : change.getInstant();
  }

  /**
   * Runs a line.
   *
   * @param tick how often it wakes up
   */
  private record Daemon(Crontab line, ZoneId zone, Duration tick) {

    List<Instant> runs(Instant start, Instant end) {
      List<Instant> runs = new ArrayList<>();
      LocalDateTime done = LocalDateTime.ofInstant(start, zone);
      for (Instant now = start.plus(tick); !now.isAfter(end); now = now.plus(tick)) {
        LocalDateTime wall = LocalDateTime.ofInstant(now, zone);
        if (line.recursAsTheClockRuns() ? line.shows(wall) : isBetween(done, wall)) {
          runs.add(now);
        }
        done = wall.isAfter(done) ? wall : done;
      }
      return runs;
    }

    /** Whether any time is, after those that were done: none, if the clock was put back. */
    private boolean isBetween(LocalDateTime done, LocalDateTime wall) {
      for (LocalDateTime time = done.plus(tick); !time.isAfter(wall); time = time.plus(tick)) {
        if (line.shows(time)) {
          return true;
        }
      }
      return false;
    }
  }
}
