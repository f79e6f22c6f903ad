package dev.plinth.projects.git;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the branches of a repository stand.
 *
 * @param shas the head of each branch, by name
 * @param defaultBranchOrNull by name, or null if nothing tells
 * @param detachedOrNull the commit that is checked out without a branch, or null
 */
record Heads(
    NavigableMap<String, String> shas,
    @Nullable String defaultBranchOrNull,
    @Nullable String detachedOrNull,
    boolean shallow) {

  Heads {
    shas = Collections.unmodifiableNavigableMap(new TreeMap<>(shas));
  }

  /** The same for the same branches with the same heads and the same default branch. */
  String digest() {
    MessageDigest digest = sha256();
    // A line for each; neither name nor sha can hold a line break or a space.
    shas.forEach((name, sha) -> digest.update(line(sha, name)));
    digest.update(line("default", defaultBranchOrNull == null ? "" : defaultBranchOrNull));
    return HexFormat.of().formatHex(digest.digest());
  }

  boolean isDefault(String branch) {
    return branch.equals(defaultBranchOrNull);
  }

  private static byte[] line(String key, String value) {
    return (key + ' ' + value + '\n').getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
