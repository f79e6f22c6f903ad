package dev.plinth.projects.git;

import java.util.List;

/** What a synchronisation asks a repository of commits and of branches' pasts. */
interface History {

  HeadCommit commit(String sha);

  /**
   * Whether {@code to} certainly does not descend from {@code from}. Where a shallow repository
   * lacks the commits that would tell, nothing is certain.
   */
  boolean isRewritten(String from, String to);

  /** Whether the repository keeps a record of what happened to the branch. */
  boolean remembers(String branch);

  /** What the branch was called before, latest first. */
  List<String> formerNames(String branch);
}
