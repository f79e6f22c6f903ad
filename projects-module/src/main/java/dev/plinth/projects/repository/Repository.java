package dev.plinth.projects.repository;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A git repository as an organization knows it.
 *
 * @param externalId by which the provider knows it; with the provider it is its identity
 * @param urlOrNull where git clones it from, without credentials, or null
 * @param defaultBranchOrNull by name, as last found, or null
 * @param languageOrNull the programming language that prevails, or null
 * @param analysisConfiguration how analyses treat it
 * @param metadata the host's own
 * @param version counts the changes, those of synchronisations included
 */
public record Repository(
    UUID organizationId,
    UUID id,
    Provider provider,
    String externalId,
    String name,
    @Nullable String urlOrNull,
    @Nullable String defaultBranchOrNull,
    @Nullable String languageOrNull,
    Map<String, Object> analysisConfiguration,
    Map<String, Object> metadata,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** Where git clones it from, if that is known. */
  public Optional<String> url() {
    return Optional.ofNullable(urlOrNull);
  }

  /** The default branch, once a synchronisation has found it. */
  public Optional<String> defaultBranch() {
    return Optional.ofNullable(defaultBranchOrNull);
  }

  /** The programming language that prevails, if that is known. */
  public Optional<String> language() {
    return Optional.ofNullable(languageOrNull);
  }
}
