package dev.plinth.tasks.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InvalidValueException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an expression means where no clock is ever changed, and what is none. */
class CronTest {

  private static final ZoneId UTC = ZoneOffset.UTC;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          * * * * *           | 2026-11-20T10:15:00Z | 2026-11-20T10:16:00Z 2026-11-20T10:17:00Z
          5 * * * *           | 2026-11-20T10:05:00Z | 2026-11-20T11:05:00Z 2026-11-20T12:05:00Z
          */25 * * * *        | 2026-11-20T10:15:00Z | 2026-11-20T10:25:00Z 2026-11-20T10:50:00Z 2026-11-20T11:00:00Z
          10-30/10 9 * * *    | 2026-11-20T09:15:00Z | 2026-11-20T09:20:00Z 2026-11-20T09:30:00Z 2026-11-21T09:10:00Z
          0 23,1,7-8 * * *    | 2026-11-20T07:00:00Z | 2026-11-20T08:00:00Z 2026-11-20T23:00:00Z 2026-11-21T01:00:00Z
          05 08 * * *         | 2026-11-20T09:00:00Z | 2026-11-21T08:05:00Z
          59 23 31 12 *       | 2026-11-20T00:00:00Z | 2026-12-31T23:59:00Z 2027-12-31T23:59:00Z
          0 0 31 * *          | 2026-01-31T00:00:00Z | 2026-03-31T00:00:00Z 2026-05-31T00:00:00Z
          0 0 1 jan,JUL *     | 2026-01-01T00:00:00Z | 2026-07-01T00:00:00Z 2027-01-01T00:00:00Z
          0 0 1 Apr-Dec/3 *   | 2026-04-01T00:00:00Z | 2026-07-01T00:00:00Z 2026-10-01T00:00:00Z 2027-04-01T00:00:00Z
          0 9 * * MON-FRI     | 2026-11-20T09:00:00Z | 2026-11-23T09:00:00Z 2026-11-24T09:00:00Z
          0 9 * * 5-7         | 2026-11-20T09:00:00Z | 2026-11-21T09:00:00Z 2026-11-22T09:00:00Z 2026-11-27T09:00:00Z
          0 9 * * SAT-SUN     | 2026-11-20T09:00:00Z | 2026-11-21T09:00:00Z 2026-11-22T09:00:00Z 2026-11-28T09:00:00Z
          0 9 * * 0           | 2026-11-20T09:00:00Z | 2026-11-22T09:00:00Z 2026-11-29T09:00:00Z
          0 9 * * 7           | 2026-11-20T09:00:00Z | 2026-11-22T09:00:00Z 2026-11-29T09:00:00Z
          0 9 * * */6         | 2026-11-20T09:00:00Z | 2026-11-21T09:00:00Z 2026-11-22T09:00:00Z 2026-11-28T09:00:00Z
          @hourly             | 2026-11-20T10:00:00Z | 2026-11-20T11:00:00Z 2026-11-20T12:00:00Z
          @daily              | 2026-11-20T10:00:00Z | 2026-11-21T00:00:00Z 2026-11-22T00:00:00Z
          @Midnight           | 2026-11-20T10:00:00Z | 2026-11-21T00:00:00Z 2026-11-22T00:00:00Z
          @weekly             | 2026-11-20T10:00:00Z | 2026-11-22T00:00:00Z 2026-11-29T00:00:00Z
          @monthly            | 2026-11-20T10:00:00Z | 2026-12-01T00:00:00Z 2027-01-01T00:00:00Z
          @yearly             | 2026-11-20T10:00:00Z | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z
          @annually           | 2026-11-20T10:00:00Z | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z
          """)
  void itIsDueWhenItsFieldsSay(String expression, Instant after, String expected) {
    assertThat(due(expression, after, expected.split(" ").length)).isEqualTo(instants(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 12 13 * FRI       | 2026-11-01T00:00:00Z | 2026-11-06T12:00:00Z 2026-11-13T12:00:00Z 2026-11-20T12:00:00Z
          0 12 13 * FRI       | 2026-12-12T00:00:00Z | 2026-12-13T12:00:00Z 2026-12-18T12:00:00Z
          0 12 1-31 * FRI     | 2026-11-01T00:00:00Z | 2026-11-01T12:00:00Z 2026-11-02T12:00:00Z
          0 12 */2 * FRI      | 2026-11-01T00:00:00Z | 2026-11-13T12:00:00Z 2026-11-27T12:00:00Z 2026-12-11T12:00:00Z
          0 12 13 * */5       | 2026-11-01T00:00:00Z | 2026-11-13T12:00:00Z 2026-12-13T12:00:00Z
          0 12 30 2 FRI       | 2026-11-01T00:00:00Z | 2027-02-05T12:00:00Z 2027-02-12T12:00:00Z
          """)
  void eitherDayIsEnoughIfBothAreRestricted(String expression, Instant after, String expected) {
    assertThat(due(expression, after, expected.split(" ").length)).isEqualTo(instants(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          30 * * * * *        | 2026-11-20T10:15:30Z     | 2026-11-20T10:16:30Z 2026-11-20T10:17:30Z
          */20 59 23 * * *    | 2026-11-20T23:59:20Z     | 2026-11-20T23:59:40Z 2026-11-21T23:59:00Z
          0 0 12 * * *        | 2026-11-20T11:59:59.999Z | 2026-11-20T12:00:00Z 2026-11-21T12:00:00Z
          * * * * * *         | 2026-11-20T11:59:59.001Z | 2026-11-20T12:00:00Z 2026-11-20T12:00:01Z
          59 59 23 31 DEC *   | 2026-11-20T00:00:00Z     | 2026-12-31T23:59:59Z 2027-12-31T23:59:59Z
          """)
  void aSixthFieldInFrontIsTheSecond(String expression, Instant after, String expected) {
    assertThat(due(expression, after, expected.split(" ").length)).isEqualTo(instants(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 29 2 *          | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z
          0 0 29 2 *          | 2096-02-29T00:00:00Z | 2104-02-29T00:00:00Z 2108-02-29T00:00:00Z
          0 0 29 2 *          | 1996-02-29T00:00:00Z | 2000-02-29T00:00:00Z 2004-02-29T00:00:00Z
          0 0 29 2 *          | 1896-02-29T00:00:00Z | 1904-02-29T00:00:00Z
          0 0 29 2 */7        | 2088-02-29T00:00:00Z | 2128-02-29T00:00:00Z 2156-02-29T00:00:00Z
          * * 29 2 *          | 2096-02-29T23:59:00Z | 2104-02-29T00:00:00Z 2104-02-29T00:01:00Z
          """)
  void leapDaysAreThoseOfTheCalendar(String expression, Instant after, String expected) {
    assertThat(due(expression, after, expected.split(" ").length)).isEqualTo(instants(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "* * 30-31 FEB *",
        "* * * 31 2 *",
        "0 0 31 2 */2"
      })
  void whatIsOnNoCalendarIsNeverDue(String expression) {
    Cron cron = Cron.parse(expression);

    assertThat(cron.next(Instant.EPOCH, UTC)).isEmpty();
    assertThat(cron.next(Instant.EPOCH, ZoneId.of("Europe/Berlin"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                  | cron         | is required and must not be blank
          '   '               | cron         | is required and must not be blank
          *                   | cron         | must have 5 or 6 fields, not 1
          * * * *             | cron         | must have 5 or 6 fields, not 4
          * * * * * * *       | cron         | must have 5 or 6 fields, not 7
          @reboot             | cron         | must not be @reboot, which is no time
          @every 5m           | cron         | must not be @every 5m, which is no time
          @                   | cron         | must not be @, which is no time
          60 * * * *          | minute       | must be from 0 to 59, not 60
          -1 * * * *          | minute       | must be *, values and ranges, with commas between, not '-1'
          +1 * * * *          | minute       | must be *, values and ranges, with commas between, not '+1'
          1.5 * * * *         | minute       | must be *, values and ranges, with commas between, not '1.5'
          1, * * * *          | minute       | must be *, values and ranges, with commas between, not ''
          ,1 * * * *          | minute       | must be *, values and ranges, with commas between, not ''
          1,,2 * * * *        | minute       | must be *, values and ranges, with commas between, not ''
          1- * * * *          | minute       | must be *, values and ranges, with commas between, not '1-'
          1-2-3 * * * *       | minute       | must be *, values and ranges, with commas between, not '1-2-3'
          ** * * * *          | minute       | must be *, values and ranges, with commas between, not '**'
          *-5 * * * *         | minute       | must be *, values and ranges, with commas between, not '*-5'
          */ * * * *          | minute       | must be *, values and ranges, with commas between, not '*/'
          */5/5 * * * *       | minute       | must be *, values and ranges, with commas between, not '*/5/5'
          */0 * * * *         | minute       | must have a step from 1 to 59, not 0
          */90 * * * *        | minute       | must have a step from 1 to 59, not 90
          */x * * * *         | minute       | must have a step from 1 to 59, not x
          5/15 * * * *        | minute       | must have a range before a step: 5-59/15
          30-10 * * * *       | minute       | must not go backwards, as 30-10 does
          x * * * *           | minute       | must be from 0 to 59, not x
          99999999999 * * * * | minute       | must be from 0 to 59, not 99999999999
          ٣ * * * *           | minute       | must be *, values and ranges, with commas between, not '٣'
          MON * * * *         | minute       | must be from 0 to 59, not MON
          H * * * *           | minute       | must be from 0 to 59, not H
          60 0 0 * * *        | second       | must be from 0 to 59, not 60
          0 24 * * *          | hour         | must be from 0 to 23, not 24
          0 22-2 * * *        | hour         | must not go backwards, as 22-2 does
          0 */24 * * *        | hour         | must have a step from 1 to 23, not 24
          0 0 0 * *           | day of month | must be from 1 to 31, not 0
          0 0 32 * *          | day of month | must be from 1 to 31, not 32
          0 0 L * *           | day of month | must be from 1 to 31, not L
          0 0 15W * *         | day of month | must be from 1 to 31, not 15W
          0 0 ? * *           | day of month | must be *, values and ranges, with commas between, not '?'
          0 0 1 0 *           | month        | must be from 1 to 12, not 0
          0 0 1 13 *          | month        | must be from 1 to 12, not 13
          0 0 1 JANUARY *     | month        | must be from 1 to 12, not JANUARY
          0 0 1 DEC-FEB *     | month        | must not go backwards, as DEC-FEB does
          0 0 * * 8           | day of week  | must be from 0 to 7, not 8
          0 0 * * FUN         | day of week  | must be from 0 to 7, not FUN
          0 0 * * FRI-MON     | day of week  | must not go backwards, as FRI-MON does
          0 0 * * 5#2         | day of week  | must be *, values and ranges, with commas between, not '5#2'
          CRON_TZ=UTC 0 0 * * * | second     | must be *, values and ranges, with commas between, not 'CRON_TZ=UTC'
          """)
  void whatIsNoExpressionIsRefusedWithTheFieldAtFault(
      String expression, String component, String expected) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> Cron.parse(expression))
        .withMessage(component + " " + expected)
        .satisfies(e -> assertThat(e.component()).isEqualTo(component));
  }

  @Test
  void aVeryLongOneIsRefused() {
    String many = "0,".repeat(200) + "0 * * * *";

    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> Cron.parse(many))
        .satisfies(e -> assertThat(e.component()).isEqualTo("cron"));
  }

  @Test
  void yearsThatNobodyPlansForAreRefused() {
    Cron daily = Cron.parse("@daily");

    for (Instant after : List.of(Instant.MIN, Instant.MAX)) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> daily.next(after, UTC))
          .satisfies(e -> assertThat(e.component()).isEqualTo("after"));
    }
    for (String edge : List.of("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z")) {
      Instant after = Instant.parse(edge);
      assertThat(daily.next(after, ZoneOffset.MAX))
          .hasValueSatisfying(next -> isAfter(next, after));
      assertThat(daily.next(after, ZoneOffset.MIN))
          .hasValueSatisfying(next -> isAfter(next, after));
    }
  }

  @Test
  void itIsWhatWasWrittenButForWhiteSpace() {
    Cron written = Cron.parse("  0\t9  * *   MON-FRI ");

    assertThat(written).hasToString("0 9 * * MON-FRI");
    assertThat(written).isEqualTo(Cron.parse(written.toString()));
    assertThat(written).hasSameHashCodeAs(Cron.parse(written.toString()));
    assertThat(written).isNotEqualTo(Cron.parse("0 9 * * 1-5"));
  }

  private static void isAfter(Instant next, Instant after) {
    assertThat(next).isAfter(after);
  }

  private static List<Instant> due(String expression, Instant after, int times) {
    Cron cron = Cron.parse(expression);
    List<Instant> due = new ArrayList<>();
    Optional<Instant> next = cron.next(after, UTC);
    while (next.isPresent() && due.size() < times) {
      due.add(next.get());
      next = cron.next(next.get(), UTC);
    }
    return due;
  }

  private static List<Instant> instants(String text) {
    return List.of(text.split(" ")).stream().map(Instant::parse).toList();
  }
}
