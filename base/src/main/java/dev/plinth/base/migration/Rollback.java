package dev.plinth.base.migration;

import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.SqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Takes the migrations of one track back, by the script {@code U…} beside each {@code V…}: all that
 * is asked for, or nothing.
 */
final class Rollback {

  private static final String DEPENDENT_OBJECTS = "2BP01";

  private final Connection connection;
  private final Installed installed;
  private final String rolePrefix;

  Rollback(Connection connection, Installed installed, String rolePrefix) {
    this.connection = connection;
    this.installed = installed;
    this.rolePrefix = rolePrefix;
  }

  void to(Track track, int version) throws SQLException {
    connection.setAutoCommit(false);
    try {
      execute("SET LOCAL " + Roles.PREFIX_SETTING + " = '" + rolePrefix + "'");
      Composition.drop(connection);
      if (!track.isLink() && (version == 0 || !above(track, version).isEmpty())) {
        for (Track link : links(track)) {
          takeBack(link, 0);
        }
      }
      takeBack(track, version);
      Composition.make(connection);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw typed(track, version, e);
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** Those of the module that are there, also if this host does not have the other side. */
  private List<Track> links(Track track) {
    return installed.schema(track.module()).histories().stream()
        .filter(history -> !history.equals(Track.HISTORY))
        .map(history -> history.substring(Track.HISTORY.length() + 1))
        .map(target -> new Track(track.module(), target, false))
        .toList();
  }

  private void takeBack(Track track, int version) throws SQLException {
    for (Applied migration : above(track, version)) {
      execute(Scripts.read(track.module().resources(), track.undoing(migration.script())));
      execute(
          "DELETE FROM %s WHERE installed_rank = %d".formatted(track.table(), migration.rank()));
    }
    if (version == 0) {
      execute("DROP TABLE " + track.table());
      if (!track.isLink()) {
        execute("DROP SCHEMA " + track.schema());
      }
    }
  }

  /** Newest first. */
  private List<Applied> above(Track track, int version) {
    List<Applied> migrations =
        new ArrayList<>(
            installed.history(track).stream()
                .filter(Applied::isMigration)
                .filter(migration -> migration.number() > version)
                .toList());
    Collections.reverse(migrations);
    return migrations;
  }

  private RuntimeException typed(Track track, int version, SQLException failure)
      throws SQLException {
    if (DEPENDENT_OBJECTS.equals(failure.getSQLState())) {
      String what = "what module %s has above version %d".formatted(track.name(), version);
      Optional<String> link = linkNamedBy(failure, track);
      if (link.isPresent()) {
        return new ConflictException("", what, "link " + link.get(), failure);
      }
    }
    return SqlErrors.translate(failure);
  }

  /** Of any module in the database, whether this host has it or not. */
  private Optional<String> linkNamedBy(SQLException failure, Track track) throws SQLException {
    String detail =
        failure instanceof PSQLException server ? detail(server.getServerErrorMessage()) : "";
    String sql =
        """
        SELECT substring(n.nspname FROM 8) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = ? AND n.nspname ~ '^plinth_[a-z][a-z0-9]*$' AND position(n.nspname || '.' IN ?) > 0
        """;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, Track.HISTORY + "_" + track.name());
      query.setString(2, detail);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1) + "+" + track.name()) : Optional.empty();
      }
    }
  }

  private static String detail(@Nullable ServerErrorMessage message) {
    return message == null || message.getDetail() == null ? "" : message.getDetail();
  }

  private void execute(String sql) throws SQLException {
    Connections.execute(connection, sql);
  }
}
