package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is due where clocks are changed: days that were, with what they should have had. */
class CronZonesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Europe/Berlin       | 30 2 * * *       | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:30+02:00
          Europe/Berlin       | 0,15,30,45 2 * * * | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00
          Europe/Berlin       | 30 2,3 * * *     | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00 2026-03-30T02:30+02:00
          Europe/Berlin       | 0 2,3 * * *      | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T02:00+02:00
          Europe/Berlin       | 30 2 29 3 *      | 2025-12-01T12:00+01:00 | 2026-03-29T03:00+02:00 2027-03-29T02:30+02:00
          Europe/Berlin       | 0 3 * * *        | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00 2026-03-30T03:00+02:00
          Europe/Berlin       | 0 17 * * *       | 2026-03-28T17:00+01:00 | 2026-03-29T17:00+02:00 2026-03-30T17:00+02:00
          America/New_York    | 30 2 * * *       | 2026-03-07T12:00-05:00 | 2026-03-08T03:00-04:00 2026-03-09T02:30-04:00
          America/New_York    | 15 2 * * SUN     | 2026-03-02T12:00-05:00 | 2026-03-08T03:00-04:00 2026-03-15T02:15-04:00
          Australia/Lord_Howe | 15 2 * * *       | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00 2026-10-05T02:15+11:00
          Australia/Lord_Howe | 30 2 * * *       | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00 2026-10-05T02:30+11:00
          Africa/Casablanca   | 30 2 * * *       | 2024-04-13T12:00Z      | 2024-04-14T03:00+01:00 2024-04-15T02:30+01:00
          Pacific/Apia        | 0 9 * * *        | 2011-12-29T00:00-10:00 | 2011-12-29T09:00-10:00 2011-12-31T00:00+14:00 2011-12-31T09:00+14:00
          Pacific/Apia        | 0 9 30 * *       | 2011-12-01T00:00-10:00 | 2011-12-31T00:00+14:00 2012-01-30T09:00+14:00
          Pacific/Apia        | 0 9 * * FRI      | 2011-12-24T00:00-10:00 | 2011-12-31T00:00+14:00 2012-01-06T09:00+14:00
          """)
  void aNamedTimeThatIsLeftOutComesAtTheFirstInstantAfterTheGap(
      ZoneId zone, String expression, OffsetDateTime after, String expected) {
    assertThat(due(zone, expression, after, expected)).isEqualTo(times(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Europe/Berlin       | 30 2 * * *       | 2026-10-24T12:00+02:00 | 2026-10-25T02:30+02:00 2026-10-26T02:30+01:00
          Europe/Berlin       | 30 2 * * *       | 2026-10-25T02:10+01:00 | 2026-10-26T02:30+01:00 2026-10-27T02:30+01:00
          Europe/Berlin       | 30 1,2,3 * * *   | 2026-10-25T01:00+02:00 | 2026-10-25T01:30+02:00 2026-10-25T02:30+02:00 2026-10-25T03:30+01:00
          Europe/Berlin       | 0 2,3 * * *      | 2026-10-25T01:00+02:00 | 2026-10-25T02:00+02:00 2026-10-25T03:00+01:00 2026-10-26T02:00+01:00
          Europe/Berlin       | 0 17 * * *       | 2026-10-24T17:00+02:00 | 2026-10-25T17:00+01:00 2026-10-26T17:00+01:00
          America/New_York    | 5 1 * * *        | 2026-10-31T12:00-04:00 | 2026-11-01T01:05-04:00 2026-11-02T01:05-05:00
          Australia/Lord_Howe | 45 1 * * *       | 2026-04-04T12:00+11:00 | 2026-04-05T01:45+11:00 2026-04-06T01:45+10:30
          Australia/Lord_Howe | 15 1,2 * * *     | 2026-04-04T12:00+11:00 | 2026-04-05T01:15+11:00 2026-04-05T02:15+10:30 2026-04-06T01:15+10:30
          Africa/Casablanca   | 30 2 * * *       | 2024-03-09T12:00+01:00 | 2024-03-10T02:30+01:00 2024-03-11T02:30Z
          """)
  void aNamedTimeThatComesTwiceIsDueOnce(
      ZoneId zone, String expression, OffsetDateTime after, String expected) {
    assertThat(due(zone, expression, after, expected)).isEqualTo(times(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Europe/Berlin       | */30 * * * *     | 2026-03-29T01:00+01:00 | 2026-03-29T01:30+01:00 2026-03-29T03:00+02:00 2026-03-29T03:30+02:00
          Europe/Berlin       | */30 * * * *     | 2026-10-25T02:00+02:00 | 2026-10-25T02:30+02:00 2026-10-25T02:00+01:00 2026-10-25T02:30+01:00 2026-10-25T03:00+01:00
          Europe/Berlin       | @hourly          | 2026-10-25T01:00+02:00 | 2026-10-25T02:00+02:00 2026-10-25T02:00+01:00 2026-10-25T03:00+01:00
          Europe/Berlin       | 15 * * * *       | 2026-03-29T00:30+01:00 | 2026-03-29T01:15+01:00 2026-03-29T03:15+02:00
          Europe/Berlin       | 0 */2 * * *      | 2026-03-29T00:00+01:00 | 2026-03-29T04:00+02:00 2026-03-29T06:00+02:00
          Europe/Berlin       | * 2 * * *        | 2026-03-28T02:59+01:00 | 2026-03-30T02:00+02:00 2026-03-30T02:01+02:00
          Europe/Berlin       | */20 59 2 * * *  | 2026-10-25T02:59:30+02:00 | 2026-10-25T02:59:40+02:00 2026-10-25T02:59+01:00 2026-10-25T02:59:20+01:00
          America/New_York    | */20 1 * * *     | 2026-11-01T01:30-04:00 | 2026-11-01T01:40-04:00 2026-11-01T01:00-05:00 2026-11-01T01:20-05:00 2026-11-01T01:40-05:00 2026-11-02T01:00-05:00
          Australia/Lord_Howe | */15 * * * *     | 2026-10-04T01:30+10:30 | 2026-10-04T01:45+10:30 2026-10-04T02:30+11:00 2026-10-04T02:45+11:00
          Australia/Lord_Howe | */15 * * * *     | 2026-04-05T01:30+11:00 | 2026-04-05T01:45+11:00 2026-04-05T01:30+10:30 2026-04-05T01:45+10:30 2026-04-05T02:00+10:30
          Pacific/Apia        | @hourly          | 2011-12-29T22:00-10:00 | 2011-12-29T23:00-10:00 2011-12-31T00:00+14:00 2011-12-31T01:00+14:00
          Africa/Casablanca   | */30 * * * *     | 2024-03-10T02:30+01:00 | 2024-03-10T02:00Z 2024-03-10T02:30Z 2024-03-10T03:00Z
          Africa/Cairo        | 0 */2 * * *      | 2025-04-24T20:00+02:00 | 2025-04-24T22:00+02:00 2025-04-25T02:00+03:00 2025-04-25T04:00+03:00
          """)
  void whatRecursAsTheClockRunsIsNeitherHeldBackNorMadeUpFor(
      ZoneId zone, String expression, OffsetDateTime after, String expected) {
    assertThat(due(zone, expression, after, expected)).isEqualTo(times(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Asia/Kolkata        | 0 9 * * *        | 2026-03-28T12:00+05:30 | 2026-03-29T09:00+05:30 2026-03-30T09:00+05:30
          Asia/Kolkata        | */30 * * * *     | 2026-10-25T01:10+05:30 | 2026-10-25T01:30+05:30 2026-10-25T02:00+05:30
          UTC                 | 30 2 * * *       | 2026-03-28T12:00Z      | 2026-03-29T02:30Z 2026-03-30T02:30Z
          +05:45              | 30 2 * * *       | 2026-03-28T12:00+05:45 | 2026-03-29T02:30+05:45 2026-03-30T02:30+05:45
          """)
  void whereNoClockIsChangedEveryDayIsTheSame(
      ZoneId zone, String expression, OffsetDateTime after, String expected) {
    assertThat(due(zone, expression, after, expected)).isEqualTo(times(expected));
  }

  private static List<OffsetDateTime> due(
      ZoneId zone, String expression, OffsetDateTime after, String expected) {
    Cron cron = Cron.parse(expression);
    List<OffsetDateTime> due = new ArrayList<>();
    Instant last = after.toInstant();
    while (due.size() < times(expected).size()) {
      last = cron.next(last, zone).orElseThrow();
      due.add(last.atZone(zone).toOffsetDateTime());
    }
    return due;
  }

  private static List<OffsetDateTime> times(String text) {
    return List.of(text.split(" ")).stream().map(OffsetDateTime::parse).toList();
  }
}
