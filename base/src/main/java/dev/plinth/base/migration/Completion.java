package dev.plinth.base.migration;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The grants that follow the migrations, whether migrate() has applied them or a DBA. Both compose
 * the views after them.
 */
final class Completion {

  /** So that validate() works as the host's login, which owns nothing. */
  private static final String SHOW_HISTORY =
      """
      GRANT USAGE ON SCHEMA %s TO PUBLIC;
      GRANT SELECT ON %s TO PUBLIC;
      """;

  private Completion() {}

  /** Statements that may be repeated, for tracks that have a history. */
  static String sql(List<Track> tracks) {
    return tracks.stream()
        .map(track -> SHOW_HISTORY.formatted(track.schema(), track.table()))
        .collect(Collectors.joining());
  }
}
