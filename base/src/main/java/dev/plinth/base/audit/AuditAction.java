package dev.plinth.base.audit;

/** What was done. */
public enum AuditAction {
  INSERT,
  UPDATE,
  DELETE,
  /** Something sensitive was read. */
  READ
}
