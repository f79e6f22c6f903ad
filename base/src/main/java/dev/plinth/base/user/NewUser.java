package dev.plinth.base.user;

import dev.plinth.base.error.Require;
import org.jspecify.annotations.Nullable;

/**
 * A user to be made.
 *
 * @param username 1 to 100 characters
 * @param email made lower-case, or null
 * @param githubId at most 50 characters, or null
 * @param avatarUrl an absolute URL, or null
 */
public record NewUser(
    String username,
    @Nullable String email,
    @Nullable String githubId,
    @Nullable String avatarUrl) {

  private static final int USERNAME_LENGTH = 100;
  static final int GITHUB_ID_LENGTH = 50;

  /** Checks the components. */
  public NewUser {
    username = Require.text("username", username, USERNAME_LENGTH);
    email = Require.email("email", email);
    githubId = githubId == null ? null : Require.text("githubId", githubId, GITHUB_ID_LENGTH);
    avatarUrl = Require.url("avatarUrl", avatarUrl);
  }

  /** A user with a name only. */
  public static NewUser named(String username) {
    return new NewUser(username, null, null, null);
  }

  /** The same with an e-mail address. */
  public NewUser email(String address) {
    return new NewUser(username, address, githubId, avatarUrl);
  }

  /** The same with a GitHub account. */
  public NewUser githubId(String id) {
    return new NewUser(username, email, id, avatarUrl);
  }

  /** The same with a picture. */
  public NewUser avatarUrl(String url) {
    return new NewUser(username, email, githubId, url);
  }
}
