package dev.plinth.tasks.chat;

/** Who may read what is said in a room. */
public enum RoomKind {
  /** Every member of the organization. */
  CHANNEL,
  /** The participants, and nobody else. */
  CONVERSATION
}
