package dev.plinth.tasks.board;

import dev.plinth.base.tenancy.MemberRole;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who does a work item: the members of a role, a member, both, or whoever likes. It also says who
 * sees the item, besides its creator and who manages the board.
 *
 * @param roleOrNull whose members do it and see it, or null
 * @param assigneeOrNull the member who does it and sees it, or null
 */
public record Assignment(@Nullable MemberRole roleOrNull, @Nullable UUID assigneeOrNull) {

  private static final Assignment NOBODY = new Assignment(null, null);

  /** To nobody: every member sees it. */
  public static Assignment toNobody() {
    return NOBODY;
  }

  /** To a role. */
  public static Assignment to(MemberRole role) {
    return new Assignment(role, null);
  }

  /** To a member. */
  public static Assignment to(UUID member) {
    return new Assignment(null, member);
  }

  /** To a role, and to a member who does it for now. */
  public static Assignment to(MemberRole role, UUID member) {
    return new Assignment(role, member);
  }

  /** Whose members do it, if that is said. */
  public Optional<MemberRole> role() {
    return Optional.ofNullable(roleOrNull);
  }

  /** The member who does it, if one is named. */
  public Optional<UUID> assignee() {
    return Optional.ofNullable(assigneeOrNull);
  }
}
