package dev.plinth.base.user;

import static dev.plinth.base.jooq.Tables.USERS;

import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.Require;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Who can sign in. Making and finding users is the system's work; inside an organization a user is
 * seen as a member. Thread-safe.
 */
public final class Users {

  private final UserQueries queries = new UserQueries();

  /**
   * Makes a user.
   *
   * @throws dev.plinth.base.error.ConflictException if the e-mail address or GitHub account is
   *     taken
   */
  public User create(SystemTx tx, NewUser user) {
    return queries.insert(tx, user);
  }

  /**
   * The user of an id.
   *
   * @throws NotFoundException if there is none
   */
  public User get(SystemTx tx, UUID id) {
    return queries.find(tx, USERS.ID.eq(id)).orElseThrow(() -> missing(id));
  }

  /** The user of an e-mail address, however its letters are cased. */
  public Optional<User> findByEmail(SystemTx tx, String email) {
    return queries.find(tx, USERS.EMAIL.eq(email.toLowerCase(Locale.ROOT)));
  }

  /** The user of a GitHub account, by its number. */
  public Optional<User> findByGithubId(SystemTx tx, String githubId) {
    return queries.find(
        tx, USERS.GITHUB_ID.eq(Require.text("githubId", githubId, NewUser.GITHUB_ID_LENGTH)));
  }

  /**
   * Lets a user in, or keeps the user out of every organization from the next transaction on.
   *
   * @return the stored user
   * @throws NotFoundException if there is none
   */
  public User setActive(SystemTx tx, UUID id, boolean active) {
    return queries.setActive(tx, id, active).orElseThrow(() -> missing(id));
  }

  /** The user who acts; empty for the organization's own machinery. */
  public Optional<User> me(TenantTx tx) {
    return tx.userId().flatMap(id -> queries.find(tx, USERS.ID.eq(id)));
  }

  private static NotFoundException missing(UUID id) {
    return new NotFoundException("user", id.toString(), null);
  }
}
