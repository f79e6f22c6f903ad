package dev.plinth.base.config;

import dev.plinth.base.error.InvalidValueException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a host's environment says about its database. Plinth makes no pool: the host hands the
 * values to its own.
 *
 * @param urlOrNull {@code DATABASE_URL}, or null
 * @param poolSize {@code DATABASE_POOL_SIZE}: connections at most; 10 unless said otherwise
 * @param poolTimeout {@code DATABASE_POOL_TIMEOUT}, in seconds: how long to wait for one of them;
 *     30 seconds
 * @param requireTls {@code DATABASE_REQUIRE_TLS}: refuse to cross a network without TLS; false
 * @param queryMonitoring {@code ENABLE_QUERY_MONITORING}: log slow statements; false
 * @param slowQueryThreshold {@code SLOW_QUERY_THRESHOLD_MS}, in milliseconds: what is slow; 1000
 */
public record DatabaseSettings(
    @Nullable DatabaseUrl urlOrNull,
    int poolSize,
    Duration poolTimeout,
    boolean requireTls,
    boolean queryMonitoring,
    Duration slowQueryThreshold) {

  private static final String URL = "DATABASE_URL";
  private static final String POOL_SIZE = "DATABASE_POOL_SIZE";
  private static final String POOL_TIMEOUT = "DATABASE_POOL_TIMEOUT";
  private static final String REQUIRE_TLS = "DATABASE_REQUIRE_TLS";
  private static final String MONITORING = "ENABLE_QUERY_MONITORING";
  private static final String THRESHOLD = "SLOW_QUERY_THRESHOLD_MS";

  private static final Set<String> KNOWN =
      Set.of(URL, POOL_SIZE, POOL_TIMEOUT, REQUIRE_TLS, MONITORING, THRESHOLD);

  /** Ours alone; other programs have a {@code DATABASE_HOST} and the like. */
  private static final Set<String> OUR_PREFIXES =
      Set.of("DATABASE_POOL", "DATABASE_REQUIRE", "ENABLE_QUERY", "SLOW_QUERY");

  private static final int LARGEST_POOL = 10_000;
  private static final int LONGEST_WAIT_SECONDS = 3_600;
  private static final int SLOWEST_MS = 86_400_000;

  /**
   * Reads variables such as {@code System.getenv()}. One that is blank counts as not set.
   *
   * @throws InvalidValueException if a value cannot be right, or the name of a variable begins like
   *     one of these and is none; the component is its name, and the message holds no value
   */
  public static DatabaseSettings from(Map<String, String> environment) {
    environment.keySet().forEach(DatabaseSettings::requireKnown);
    Variables variables = new Variables(environment);
    return new DatabaseSettings(
        variables.text(URL).map(url -> parsed(url)).orElse(null),
        variables.number(POOL_SIZE, 10, LARGEST_POOL),
        Duration.ofSeconds(variables.number(POOL_TIMEOUT, 30, LONGEST_WAIT_SECONDS)),
        variables.flag(REQUIRE_TLS),
        variables.flag(MONITORING),
        Duration.ofMillis(variables.number(THRESHOLD, 1_000, SLOWEST_MS)));
  }

  /** Where the database is, if that was said. */
  public Optional<DatabaseUrl> url() {
    return Optional.ofNullable(urlOrNull);
  }

  /** From when on a statement is logged as slow; empty if none is. */
  public Optional<Duration> slowStatements() {
    return queryMonitoring ? Optional.of(slowQueryThreshold) : Optional.empty();
  }

  private static DatabaseUrl parsed(String url) {
    try {
      return DatabaseUrl.parse(url);
    } catch (InvalidValueException e) {
      throw new InvalidValueException(URL, "is no database URL: " + e.getMessage());
    }
  }

  private static void requireKnown(String name) {
    if (!KNOWN.contains(name) && OUR_PREFIXES.stream().anyMatch(name::startsWith)) {
      throw new InvalidValueException(name, "is no variable that Plinth knows");
    }
  }

  private record Variables(Map<String, String> environment) {

    Optional<String> text(String name) {
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(value -> !value.isEmpty());
    }

    int number(String name, int otherwise, int largest) {
      return text(name).map(value -> number(name, value, largest)).orElse(otherwise);
    }

    boolean flag(String name) {
      return switch (text(name).orElse("false").toLowerCase(Locale.ROOT)) {
        case "true", "1", "yes", "on" -> true;
        case "false", "0", "no", "off" -> false;
        default -> throw new InvalidValueException(name, "must be true or false");
      };
    }

    private static int number(String name, String value, int largest) {
      if (value.matches("[0-9]{1,9}")) {
        int number = Integer.parseInt(value);
        if (number >= 1 && number <= largest) {
          return number;
        }
      }
      throw new InvalidValueException(name, "must be a whole number from 1 to " + largest);
    }
  }
}
