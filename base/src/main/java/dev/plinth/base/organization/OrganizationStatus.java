package dev.plinth.base.organization;

/** Whether an organization can be worked in. */
public enum OrganizationStatus {
  ACTIVE,
  /** Nobody gets in until it is active again. */
  SUSPENDED,
  /** Kept for the record. */
  ARCHIVED
}
