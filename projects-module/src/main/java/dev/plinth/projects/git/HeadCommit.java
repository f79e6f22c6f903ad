package dev.plinth.projects.git;

/**
 * The commit at the head of a branch, as it is stored.
 *
 * @param authoredAt seconds since 1970, as git has it
 * @param message the first line of it
 */
record HeadCommit(String sha, String author, long authoredAt, String message) {

  private static final int AUTHOR_LENGTH = 200;
  private static final int MESSAGE_LENGTH = 1000;

  /** 9999-12-31T23:59:59Z; a commit may claim any time, also one that no database holds. */
  private static final long LATEST = 253_402_300_799L;

  HeadCommit {
    author = storable(author, AUTHOR_LENGTH);
    message = storable(message, MESSAGE_LENGTH);
    authoredAt = Math.max(0, Math.min(authoredAt, LATEST));
  }

  /** Without the character 0, which PostgreSQL refuses, and no longer than the column. */
  private static String storable(String text, int longest) {
    String clean = text.replace("\0", "").strip();
    if (clean.codePointCount(0, clean.length()) <= longest) {
      return clean;
    }
    return clean.substring(0, clean.offsetByCodePoints(0, longest));
  }
}
