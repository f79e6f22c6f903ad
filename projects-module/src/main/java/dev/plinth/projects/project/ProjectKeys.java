package dev.plinth.projects.project;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The short names of projects: how they look, and how one is derived from a name. */
final class ProjectKeys {

  private static final Pattern KEY = Pattern.compile("[A-Z][A-Z0-9]{1,9}");
  private static final Pattern NO_LETTER_OR_DIGIT = Pattern.compile("[^A-Z0-9]+");
  private static final Pattern LEADING_DIGITS = Pattern.compile("^[0-9]+");
  private static final String FOR_NAMES_WITHOUT_LETTERS = "PROJECT";
  private static final int LONGEST = 10;

  private ProjectKeys() {}

  static @Nullable String checked(@Nullable String key) {
    if (key != null && !KEY.matcher(key).matches()) {
      throw new InvalidValueException(
          "key", "must be 2 to 10 upper-case letters and digits and begin with a letter");
    }
    return key;
  }

  /** What all keys derived from a name begin with: 1 to 10 letters and digits, a letter first. */
  static String stem(String name) {
    String decomposed =
        Normalizer.normalize(
            Require.text("name", name, NewProject.NAME_LENGTH), Normalizer.Form.NFKD);
    String letters = NO_LETTER_OR_DIGIT.matcher(decomposed.toUpperCase(Locale.ROOT)).replaceAll("");
    String stem = LEADING_DIGITS.matcher(letters).replaceFirst("");
    return stem.isEmpty() ? FOR_NAMES_WITHOUT_LETTERS : cut(stem, LONGEST);
  }

  /** The keys to try for a stem, in this order: APOLLO, APOLLO2, APOLLO3 … */
  static List<String> candidates(String stem, long from, int count) {
    return LongStream.range(from, from + count).mapToObj(n -> candidate(stem, n)).toList();
  }

  private static String candidate(String stem, long number) {
    if (number == 1 && stem.length() > 1) {
      return stem;
    }
    String suffix = Long.toString(number);
    return cut(stem, LONGEST - suffix.length()) + suffix;
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(text.length(), length));
  }
}
