package dev.plinth.tasks.schedule;

import dev.plinth.base.error.InvalidValueException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A field of a cron expression, and how it is read. */
enum CronField {
  SECOND(0, 59),
  MINUTE(0, 59),
  HOUR(0, 23),
  DAY_OF_MONTH(1, 31),
  MONTH(1, 12),
  DAY_OF_WEEK(0, 7);

  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  /** Sunday is 0 and 7. */
  private static final int SUNDAY = 7;

  private static final Pattern ITEM =
      Pattern.compile("(?:\\*|(?<first>\\w+)(?:-(?<last>\\w+))?)(?:/(?<step>\\w+))?");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

  private final int lowest;
  private final int highest;

  CronField(int lowest, int highest) {
    this.lowest = lowest;
    this.highest = highest;
  }

  /**
   * Reads a list of values, ranges and steps.
   *
   * @throws InvalidValueException that names this field
   */
  CronValues parse(String text) {
    long bits = 0;
    for (String item : text.split(",", -1)) {
      bits |= item(item);
    }
    if (this == DAY_OF_WEEK && (bits >>> SUNDAY & 1) == 1) {
      bits = (bits & ~(1L << SUNDAY)) | 1;
    }
    return new CronValues(bits, text.startsWith("*"));
  }

  private long item(String item) {
    Matcher parts = ITEM.matcher(item);
    if (!parts.matches()) {
      throw refusal("must be *, values and ranges, with commas between, not '" + item + "'");
    }
    @Nullable String named = parts.group("first");
    int first = named == null ? lowest : value(named);
    int last = named == null ? highest : last(first, parts);
    if (last < first) {
      throw refusal("must not go backwards, as " + item + " does");
    }
    return bits(first, last, step(parts.group("step")));
  }

  private int last(int first, Matcher parts) {
    @Nullable String named = parts.group("last");
    @Nullable String step = parts.group("step");
    if (named == null && step != null) {
      throw refusal("must have a range before a step: %d-%d/%s".formatted(first, highest, step));
    }
    int last = named == null ? first : value(named);
    return this == DAY_OF_WEEK && last == 0 && first > 0 ? SUNDAY : last;
  }

  private static long bits(int first, int last, int step) {
    long bits = 0;
    for (int value = first; value <= last; value += step) {
      bits |= 1L << value;
    }
    return bits;
  }

  private int value(String text) {
    int name = names().indexOf(text.toUpperCase(Locale.ROOT));
    int value = name >= 0 ? name + lowest : number(text);
    if (value < lowest || value > highest) {
      throw refusal("must be from %d to %d, not %s".formatted(lowest, highest, text));
    }
    return value;
  }

  private List<String> names() {
    return switch (this) {
      case MONTH -> MONTHS;
      case DAY_OF_WEEK -> DAYS;
      case SECOND, MINUTE, HOUR, DAY_OF_MONTH -> List.of();
    };
  }

  /** One that is longer than the field would not do what it says: no 90 minutes in an hour. */
  private int step(@Nullable String text) {
    int step = text == null ? 1 : number(text);
    if (step < 1 || step > highest - lowest) {
      throw refusal("must have a step from 1 to %d, not %s".formatted(highest - lowest, text));
    }
    return step;
  }

  /** That, or a negative one. */
  private static int number(String text) {
    return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
  }

  private InvalidValueException refusal(String expected) {
    return new InvalidValueException(name().toLowerCase(Locale.ROOT).replace('_', ' '), expected);
  }
}
