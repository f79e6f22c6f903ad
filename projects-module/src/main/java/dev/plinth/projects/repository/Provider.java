package dev.plinth.projects.repository;

/** Who hosts a repository, and so gives it its external id. */
public enum Provider {
  /** Any other git repository, also one on disk; its external id is the host's choice. */
  GIT,
  GITHUB,
  GITLAB,
  BITBUCKET
}
