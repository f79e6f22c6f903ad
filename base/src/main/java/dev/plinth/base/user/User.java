package dev.plinth.base.user;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who can sign in, once for all organizations.
 *
 * @param emailOrNull lower-case, unique where present
 * @param username what the person is called; not unique
 * @param githubIdOrNull the number by which GitHub knows the account; unique where present
 * @param active an inactive user can enter no organization
 * @param preferences the host's own
 * @param version counts the changes
 */
public record User(
    UUID id,
    @Nullable String emailOrNull,
    String username,
    @Nullable String githubIdOrNull,
    @Nullable String avatarUrlOrNull,
    boolean active,
    Map<String, Object> preferences,
    Instant createdAt,
    Instant updatedAt,
    int version) {

  /** The e-mail address, if there is one. */
  public Optional<String> email() {
    return Optional.ofNullable(emailOrNull);
  }

  /** The number by which GitHub knows the account, if it does. */
  public Optional<String> githubId() {
    return Optional.ofNullable(githubIdOrNull);
  }

  /** Where the picture is, if there is one. */
  public Optional<String> avatarUrl() {
    return Optional.ofNullable(avatarUrlOrNull);
  }
}
