package dev.plinth.projects.project;

/**
 * What a member is to a project; what the member may write follows from the role in the
 * organization.
 */
public enum ProjectRole {
  LEAD,
  CONTRIBUTOR,
  VIEWER
}
