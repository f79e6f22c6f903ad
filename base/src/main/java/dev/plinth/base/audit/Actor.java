package dev.plinth.base.audit;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who acted.
 *
 * @param userOrNull the member, if one did
 * @param nameOrNull else the name of the service, the reason of the system, or the login
 */
public record Actor(ActorKind kind, @Nullable UUID userOrNull, @Nullable String nameOrNull) {

  /** The member who acted, if one did. */
  public Optional<UUID> user() {
    return Optional.ofNullable(userOrNull);
  }

  /** Of no user: the name of the service, the reason of the system, or the login. */
  public Optional<String> name() {
    return Optional.ofNullable(nameOrNull);
  }
}
