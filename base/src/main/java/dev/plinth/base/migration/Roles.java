package dev.plinth.base.migration;

import dev.plinth.base.error.MissingRolesException;
import dev.plinth.base.error.SqlErrors;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The roles of the server that Plinth's work is done as. */
final class Roles {

  /** The setting that roles.sql and the migrations read the prefix from. */
  static final String PREFIX_SETTING = "plinth.role_prefix";

  /** The setting that roles.sql reads the login of the application from. */
  static final String LOGIN_SETTING = "plinth.host_login";

  /** Makes and grants what is missing; reads two settings. */
  static final String SCRIPT =
      Scripts.read(Roles.class.getClassLoader(), "db/roles/base/roles.sql");

  private static final String CREATE_IF_MISSING =
      """
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN CREATE ROLE "%1$s" NOLOGIN NOINHERIT; END IF;
      END $$;
      """;

  /** Another database of the server is doing the same: unique, duplicate object, tuple updated. */
  private static final Set<String> RACE = Set.of("23505", "42710", "XX000");

  private static final int ATTEMPTS = 20;

  private final String prefix;
  private final @Nullable String hostLogin;

  Roles(String prefix, @Nullable String hostLogin) {
    this.prefix = prefix;
    this.hostLogin = hostLogin;
  }

  /**
   * Makes and grants what is missing.
   *
   * @throws MissingRolesException if this login may not; the message is what a DBA runs
   */
  void ensure(Connection connection) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        attempt(connection);
        return;
      } catch (SQLException e) {
        if ("42501".equals(e.getSQLState())) {
          throw new MissingRolesException(remedy(connection), e);
        }
        if (!RACE.contains(e.getSQLState()) || attempt == ATTEMPTS) {
          throw SqlErrors.translate(e);
        }
      }
    }
  }

  /** Refuses a login that may not take part, at start and not at the first request. */
  void requireGranted(Connection connection) throws SQLException {
    String sql =
        """
        SELECT bool_and(pg_catalog.pg_has_role(coalesce(?, current_user)::name, plinth_base.role_name(kind)::name,
                 CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END))
        FROM unnest(ARRAY['app', 'reader', 'system']) AS kind
        """;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, hostLogin);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          throw new MissingRolesException(remedy(connection), null);
        }
      }
    }
  }

  private void attempt(Connection connection) throws SQLException {
    set(connection, PREFIX_SETTING, prefix);
    set(connection, LOGIN_SETTING, hostLogin == null ? "" : hostLogin);
    Connections.executeAloud(connection, SCRIPT);
  }

  /** What a DBA runs as it stands: it makes and grants what is missing. */
  private String remedy(Connection connection) throws SQLException {
    String owner = connection.getMetaData().getUserName();
    boolean modern = connection.getMetaData().getDatabaseMajorVersion() >= 16;
    Set<String> logins = new LinkedHashSet<>(List.of(owner));
    if (hostLogin != null) {
      logins.add(hostLogin);
    }
    StringBuilder sql = new StringBuilder();
    for (String kind : List.of("app", "reader", "system")) {
      String role = prefix + "_" + kind;
      sql.append(CREATE_IF_MISSING.formatted(role));
      for (String login : logins) {
        sql.append("GRANT \"%s\" TO %s".formatted(role, quoted(login)));
        sql.append(modern ? " WITH INHERIT FALSE, SET TRUE;\n" : ";\n");
      }
    }
    if (!modern) {
      logins.forEach(login -> sql.append("ALTER ROLE %s NOINHERIT;\n".formatted(quoted(login))));
    }
    return sql.toString();
  }

  static void set(Connection connection, String setting, String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config(?, ?, false)")) {
      statement.setString(1, setting);
      statement.setString(2, value);
      statement.execute();
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
