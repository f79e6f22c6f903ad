package dev.plinth.base.workspace;

/** What a member of the organization is to a workspace, whatever the role in the organization. */
public enum WorkspaceRole {
  /** Manages the workspace and its members. */
  LEAD,
  MEMBER,
  VIEWER
}
