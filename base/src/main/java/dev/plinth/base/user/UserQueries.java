package dev.plinth.base.user;

import static dev.plinth.base.jooq.Tables.USERS;

import dev.plinth.base.jooq.tables.records.UsersRecord;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.Tx;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;

/** The SQL of users. */
final class UserQueries {

  User insert(SystemTx tx, NewUser user) {
    return user(
        tx.dsl()
            .insertInto(USERS)
            .set(USERS.EMAIL, user.email())
            .set(USERS.USERNAME, user.username())
            .set(USERS.GITHUB_ID, user.githubId())
            .set(USERS.AVATAR_URL, user.avatarUrl())
            .returning()
            .fetchSingle());
  }

  Optional<User> find(Tx tx, Condition which) {
    return tx.dsl().selectFrom(USERS).where(which).fetchOptional(UserQueries::user);
  }

  Optional<User> setActive(SystemTx tx, UUID id, boolean active) {
    return tx.dsl()
        .update(USERS)
        .set(USERS.IS_ACTIVE, active)
        .where(USERS.ID.eq(id))
        .returning()
        .fetchOptional(UserQueries::user);
  }

  private static User user(UsersRecord row) {
    return new User(
        row.getId(),
        row.getEmail(),
        row.getUsername(),
        row.getGithubId(),
        row.getAvatarUrl(),
        row.getIsActive(),
        row.getPreferences(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
