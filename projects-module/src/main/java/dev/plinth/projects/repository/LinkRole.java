package dev.plinth.projects.repository;

/** What a repository is to a project. */
public enum LinkRole {
  /** The project's own work is in it. */
  PRIMARY,
  /** The project uses it. */
  DEPENDENCY,
  /** The project is described in it. */
  DOCUMENTATION
}
