package dev.plinth.projects.repository;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A branch with its head commit, as last seen.
 *
 * @param id stays when the branch is renamed
 * @param name without {@code refs/heads/}
 * @param headMessage the first line of it
 * @param isDefault whether it is the repository's default branch
 * @param isProtected as the provider says; git itself does not know
 * @param forcePushedAtOrNull when a synchronisation last found a head that does not descend from
 *     the one before, or null
 * @param forcePushedFromOrNull the head before that, or null
 */
public record Branch(
    UUID organizationId,
    UUID id,
    UUID repositoryId,
    String name,
    String headSha,
    String headAuthor,
    Instant headAuthoredAt,
    String headMessage,
    boolean isDefault,
    boolean isProtected,
    @Nullable Instant forcePushedAtOrNull,
    @Nullable String forcePushedFromOrNull,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** When a synchronisation last found that history was replaced; empty if it never did. */
  public Optional<Instant> forcePushedAt() {
    return Optional.ofNullable(forcePushedAtOrNull);
  }

  /** The head before history was replaced; empty if it never was. */
  public Optional<String> forcePushedFrom() {
    return Optional.ofNullable(forcePushedFromOrNull);
  }
}
