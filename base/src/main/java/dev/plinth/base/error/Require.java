package dev.plinth.base.error;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that values of every module make of their components. */
public final class Require {

  private static final Pattern SLUG = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
  private static final int SLUG_LENGTH = 63;
  private static final int EMAIL_LENGTH = 254;
  private static final int URL_LENGTH = 2000;

  private Require() {}

  /**
   * A text with something in it.
   *
   * @param longest in UTF-16 characters
   * @throws InvalidValueException if it is null, blank or longer
   */
  public static String text(String component, @Nullable String value, int longest) {
    if (value == null || value.isBlank()) {
      throw new InvalidValueException(component, "is required and must not be blank");
    }
    return optionalText(component, value, longest);
  }

  /**
   * A text that may be absent or empty.
   *
   * @throws InvalidValueException if it is longer, or holds the character 0, which PostgreSQL
   *     refuses
   */
  public static <T extends @Nullable String> T optionalText(
      String component, T value, int longest) {
    if (value != null && value.length() > longest) {
      throw new InvalidValueException(
          component, "must not be longer than " + longest + " characters");
    }
    if (value != null && value.indexOf(0) >= 0) {
      throw new InvalidValueException(component, "must not contain the character 0");
    }
    return value;
  }

  /**
   * A slug: lower-case letters and digits, single hyphens between, at most 63 characters.
   *
   * @throws InvalidValueException if it is not
   */
  public static String slug(String component, @Nullable String value) {
    String slug = text(component, value, SLUG_LENGTH);
    if (!SLUG.matcher(slug).matches()) {
      throw new InvalidValueException(
          component, "must be lower-case letters and digits with single hyphens between: " + slug);
    }
    return slug;
  }

  /**
   * An e-mail address, made lower-case; null stays null.
   *
   * @throws InvalidValueException if it has not the shape of one
   */
  public static @Nullable String email(String component, @Nullable String value) {
    if (value == null) {
      return null;
    }
    String email = text(component, value, EMAIL_LENGTH).toLowerCase(Locale.ROOT);
    if (!EMAIL.matcher(email).matches()) {
      throw new InvalidValueException(component, "must be an e-mail address");
    }
    return email;
  }

  /**
   * An absolute URL with scheme, as it is written; null stays null.
   *
   * @throws InvalidValueException if it is malformed or relative
   */
  public static @Nullable String url(String component, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      URI uri = new URI(text(component, value, URL_LENGTH));
      if (uri.isAbsolute() && !(uri.isOpaque() || uri.getRawSchemeSpecificPart().equals("//"))) {
        return value;
      }
    } catch (URISyntaxException e) {
      throw new InvalidValueException(component, "must be an absolute URL");
    }
    throw new InvalidValueException(component, "must be an absolute URL");
  }

  /**
   * A time that takes some.
   *
   * @throws InvalidValueException if it is zero or negative
   */
  public static Duration positive(String component, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new InvalidValueException(component, "must be longer than nothing");
    }
    return value;
  }

  /**
   * A number within bounds, which belong to it.
   *
   * @throws InvalidValueException if it is not
   */
  public static int between(String component, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidValueException(component, "must be between " + least + " and " + most);
    }
    return value;
  }
}
