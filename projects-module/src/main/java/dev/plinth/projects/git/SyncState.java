package dev.plinth.projects.git;

import org.jspecify.annotations.Nullable;

/** What the last synchronisation of a repository saw; both are null before the first. */
record SyncState(@Nullable String cursorOrNull, @Nullable String defaultBranchOrNull) {

  boolean isAt(Heads heads) {
    return heads.digest().equals(cursorOrNull);
  }
}
