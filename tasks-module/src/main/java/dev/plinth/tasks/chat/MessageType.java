package dev.plinth.tasks.chat;

/** What a message is. */
public enum MessageType {
  /** What a member wrote. */
  TEXT,
  /** What the organization's machinery says; no member can. */
  SYSTEM,
  /** A file of a member, perhaps with words. */
  FILE
}
