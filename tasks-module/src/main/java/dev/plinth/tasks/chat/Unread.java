package dev.plinth.tasks.chat;

/**
 * What a user has not read in a room.
 *
 * @param lastRead the number of the last message that was read; 0 for none
 * @param count how many messages of others came after it and are not deleted; counted up to {@value
 *     #MOST}
 */
public record Unread(Room room, long lastRead, int count) {

  /** Counted no further. */
  public static final int MOST = 1_000;
}
