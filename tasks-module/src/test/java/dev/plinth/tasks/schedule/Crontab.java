package dev.plinth.tasks.schedule;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Any expression, with what it means by the book: the values are counted out here, not read from
 * the text.
 */
record Crontab(Line second, Line minute, Line hour, Line dayOfMonth, Line month, Line dayOfWeek) {

  /** One field of it. */
  record Line(String text, Set<Integer> values) {

    boolean wild() {
      return text.startsWith("*");
    }
  }

  /** Six fields only if the second is any. */
  String text() {
    List<String> fields =
        List.of(minute.text, hour.text, dayOfMonth.text, month.text, dayOfWeek.text);
    return (second.text.equals("0") ? "" : second.text + " ") + String.join(" ", fields);
  }

  boolean recursAsTheClockRuns() {
    return second.wild() || minute.wild() || hour.wild();
  }

  boolean shows(LocalDateTime time) {
    return second.values.contains(time.getSecond())
        && minute.values.contains(time.getMinute())
        && hour.values.contains(time.getHour())
        && month.values.contains(time.getMonthValue())
        && day(time);
  }

  private boolean day(LocalDateTime time) {
    boolean ofMonth = dayOfMonth.values.contains(time.getDayOfMonth());
    int number = time.getDayOfWeek().getValue();
    boolean ofWeek =
        dayOfWeek.values.contains(number) || (number == 7 && dayOfWeek.values.contains(0));
    if (dayOfMonth.wild() || dayOfWeek.wild()) {
      return ofMonth && ofWeek;
    }
    return ofMonth || ofWeek;
  }

  /** Around a time of the day, on most days: so that it is often due in a few days. */
  static Crontab around(Random random, LocalDateTime time, boolean withSeconds) {
    Line any = new Line("*", counted(0, 99, 1));
    boolean everyDay = random.nextInt(3) > 0;
    return new Crontab(
        withSeconds ? field(random, 0, 59) : new Line("0", Set.of(0)),
        field(random, 0, 59),
        random.nextBoolean() ? near(random, time.getHour()) : field(random, 0, 23),
        everyDay ? any : field(random, 1, 31),
        any,
        everyDay ? any : field(random, 0, 7));
  }

  /** Once a day, on any days. */
  static Crontab ofDays(Random random) {
    return new Crontab(
        new Line("0", Set.of(0)),
        new Line("0", Set.of(0)),
        new Line("12", Set.of(12)),
        field(random, 1, 31),
        field(random, 1, 12),
        field(random, 0, 7));
  }

  private static Line near(Random random, int hour) {
    int from = Math.max(0, hour - random.nextInt(3));
    int to = Math.min(23, hour + random.nextInt(3));
    return new Line(from + "-" + to, counted(from, to, 1));
  }

  private static Line field(Random random, int lowest, int highest) {
    List<String> items = new ArrayList<>();
    Set<Integer> values = new TreeSet<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int from = lowest + random.nextInt(highest - lowest + 1);
      int to = from + random.nextInt(highest - from + 1);
      int step = 1 + random.nextInt(highest - lowest);
      switch (random.nextInt(6)) {
        case 0 -> add(items, values, "*", counted(lowest, highest, 1));
        case 1 -> add(items, values, "*/" + step, counted(lowest, highest, step));
        case 2 -> add(items, values, from + "-" + to, counted(from, to, 1));
        case 3 -> add(items, values, from + "-" + to + "/" + step, counted(from, to, step));
        default -> add(items, values, String.valueOf(from), Set.of(from));
      }
    }
    return new Line(String.join(",", items), values);
  }

  private static void add(List<String> items, Set<Integer> values, String item, Set<Integer> more) {
    items.add(item);
    values.addAll(more);
  }

  private static Set<Integer> counted(int from, int to, int step) {
    Set<Integer> values = new TreeSet<>();
    for (int value = from; value <= to; value++) {
      if ((value - from) % step == 0) {
        values.add(value);
      }
    }
    return values;
  }
}
