package dev.plinth.tasks.queue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt consumed.
 *
 * @param wall how long it took
 * @param cpuOrNull what it took of a processor, or null where the JVM does not say
 * @param cpuPercentOrNull the same in percent of {@code wall}, or null
 * @param memoryBytesOrNull what it allocated, or null where the JVM does not say
 * @param rows as the handler counted them, as tokens and cost
 * @param cost in the host's currency
 */
public record TaskUsage(
    UUID organizationId,
    UUID id,
    UUID taskId,
    int attempt,
    Instant measuredAt,
    Duration wall,
    @Nullable Duration cpuOrNull,
    @Nullable BigDecimal cpuPercentOrNull,
    @Nullable Long memoryBytesOrNull,
    long rows,
    long tokens,
    BigDecimal cost) {

  /** What it took of a processor, if the JVM says. */
  public Optional<Duration> cpu() {
    return Optional.ofNullable(cpuOrNull);
  }

  /** The same in percent of the time it took. */
  public Optional<BigDecimal> cpuPercent() {
    return Optional.ofNullable(cpuPercentOrNull);
  }

  /** What it allocated, if the JVM says. */
  public OptionalLong memoryBytes() {
    return memoryBytesOrNull == null ? OptionalLong.empty() : OptionalLong.of(memoryBytesOrNull);
  }
}
