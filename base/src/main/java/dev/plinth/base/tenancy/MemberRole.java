package dev.plinth.base.tenancy;

import java.util.Locale;

/** What a member may do in an organization. */
public enum MemberRole {
  /** Everything, and making other owners. An organization keeps at least one. */
  OWNER,
  /** Everything but ownership. */
  ADMIN,
  PROJECT_MANAGER,
  DEVELOPER,
  DESIGNER,
  TESTER,
  /** Reads only; the database refuses every write. */
  VIEWER,
  /** A program: as a member, or as the organization's own machinery. */
  SERVICE;

  /** Whether the role manages members and the organization's settings. */
  public boolean administers() {
    return this == OWNER || this == ADMIN || this == SERVICE;
  }

  /** Whether the role may change anything; the database refuses those that may not. */
  public boolean mayWrite() {
    return this != VIEWER;
  }

  static MemberRole named(String role) {
    return valueOf(role.toUpperCase(Locale.ROOT));
  }
}
