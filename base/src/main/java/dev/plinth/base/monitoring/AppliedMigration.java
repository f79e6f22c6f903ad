package dev.plinth.base.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A migration that was applied to this database, by whatever host.
 *
 * @param linkedToOrNull the other module, if it links two, or null
 * @param appliedBy the login that applied it
 */
public record AppliedMigration(
    String module,
    @Nullable String linkedToOrNull,
    String version,
    String description,
    Instant appliedAt,
    String appliedBy,
    Duration took,
    boolean success) {

  /** The other module, if the migration links two. */
  public Optional<String> linkedTo() {
    return Optional.ofNullable(linkedToOrNull);
  }
}
