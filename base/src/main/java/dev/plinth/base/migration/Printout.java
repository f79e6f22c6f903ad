package dev.plinth.base.migration;

import java.util.List;

/**
 * The SQL that does what migrate() would do, for a DBA who lets no application change a schema: one
 * transaction for any client, with the rows of the histories as Flyway would write them.
 */
final class Printout {

  private static final String OPENING =
      """
      -- What migrate() would do to this database. Run it as the owner of the schemas: psql -f <this file>
      -- One transaction: all of it, or nothing.
      BEGIN;
      SELECT pg_advisory_xact_lock(%d);
      SELECT set_config('%s', %s, true), set_config('%s', %s, true),
             set_config('plinth.search_path', current_setting('search_path'), true);

      """;

  /** As Flyway makes it. */
  private static final String HISTORY =
      """
      CREATE TABLE %1$s.%2$s (
        installed_rank integer NOT NULL,
        version varchar(50),
        description varchar(200) NOT NULL,
        type varchar(20) NOT NULL,
        script varchar(1000) NOT NULL,
        checksum integer,
        installed_by varchar(100) NOT NULL,
        installed_on timestamp NOT NULL DEFAULT now(),
        execution_time integer NOT NULL,
        success boolean NOT NULL,
        CONSTRAINT %2$s_pk PRIMARY KEY (installed_rank)
      );
      CREATE INDEX %2$s_s_idx ON %1$s.%2$s (success);
      """;

  /** As Flyway sets it while it migrates. */
  private static final String SEARCH_PATH =
      "SELECT set_config('search_path', '%s, ' || current_setting('plinth.search_path'), true);\n";

  private static final String APPLIED =
      """
      INSERT INTO %s (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        VALUES (%d, '%s', '%s', 'SQL', '%s', %d, current_user, 0, true);
      """;

  private static final String BASELINE =
      """
      INSERT INTO %s (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
        VALUES (1, '0', '<< Flyway Baseline >>', 'BASELINE', '<< Flyway Baseline >>', NULL, current_user, 0, true);
      """;

  private final StringBuilder text = new StringBuilder();
  private final Installed installed;
  private final Scripts scripts;

  Printout(Installed installed, Scripts scripts) {
    this.installed = installed;
    this.scripts = scripts;
  }

  /** Roles first, as their settings are what migrations read too. */
  Printout roles(String prefix, String hostLogin) {
    text.append(
        OPENING.formatted(
            Connections.LOCK,
            Roles.PREFIX_SETTING,
            literal(prefix),
            Roles.LOGIN_SETTING,
            literal(hostLogin)));
    text.append(Roles.SCRIPT);
    return this;
  }

  /** What a track lacks: its last migrations, or all of them with their history. */
  Printout migrations(Track track) {
    text.append('\n');
    int rank = installed.has(track) ? lastRank(track) : begin(track);
    text.append(SEARCH_PATH.formatted(track.schema()));
    List<Script> files = scripts.of(track);
    int applied = (int) installed.history(track).stream().filter(Applied::isMigration).count();
    if (files.isEmpty() || applied > files.size()) {
      throw new IllegalStateException("The class path does not list " + track.migrations());
    }
    for (Script file : files.subList(applied, files.size())) {
      rank++;
      migration(track, file, rank);
    }
    return this;
  }

  /** The whole, with what follows the migrations. */
  String completed(List<Track> tracks) {
    return text.append('\n')
        .append(Completion.sql(tracks))
        .append("SELECT plinth_base.compose_views();\nCOMMIT;\n")
        .toString();
  }

  private int lastRank(Track track) {
    return installed.history(track).stream().mapToInt(Applied::rank).max().orElse(0);
  }

  private int begin(Track track) {
    if (!track.isLink() && !installed.schema(track.module()).exists()) {
      text.append("CREATE SCHEMA ").append(track.schema()).append(";\n");
    }
    text.append(HISTORY.formatted(track.schema(), track.history()));
    if (track.isLink()) {
      text.append(BASELINE.formatted(track.table()));
    }
    return track.isLink() ? 1 : 0;
  }

  private void migration(Track track, Script file, int rank) {
    String sql = file.sql().stripTrailing();
    text.append("\n-- %s %s\n".formatted(track.name(), file.name()));
    text.append(sql).append(sql.endsWith(";") ? "\n" : "\n;\n");
    text.append(
        APPLIED.formatted(
            track.table(), rank, file.version(), file.description(), file.name(), file.checksum()));
  }

  private static String literal(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
