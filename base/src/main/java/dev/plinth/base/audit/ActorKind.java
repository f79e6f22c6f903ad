package dev.plinth.base.audit;

/** As what somebody acted. */
public enum ActorKind {
  /** A member of the organization. */
  USER,
  /** The organization's own machinery. */
  SERVICE,
  /** Across organizations. */
  SYSTEM,
  /** A statement outside Plinth's transactions. */
  LOGIN
}
