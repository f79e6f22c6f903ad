package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/**
 * A temporary type comes before that of pg_catalog on everybody's search_path: Plinth's functions
 * do not look there. By plain JDBC, because a transaction of Plinth's refuses to make one.
 */
@PlinthTest
class PlantedTypesTest {

  private static final String BEGIN =
      "SELECT plinth_base.begin_tenant('%s', '%s', NULL, false, NULL)";

  @Test
  void aTypeCalledTextMakesNobodyOwner(
      TestDatabase database, Organization acme, @Role(MemberRole.VIEWER) Member victor)
      throws SQLException {
    try (Connection connection = database.host().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(BEGIN.formatted(acme.id(), victor.userId()));
      statement.execute(
          "CREATE TYPE pg_temp.text AS ENUM ('system', 'owner', 'read committed');"
              + "CREATE FUNCTION pg_temp.planted(pg_catalog.text) RETURNS pg_temp.text"
              + " LANGUAGE sql IMMUTABLE AS $$ SELECT 'system'::pg_temp.text $$;"
              + "CREATE CAST (pg_catalog.text AS pg_temp.text)"
              + " WITH FUNCTION pg_temp.planted(pg_catalog.text) AS ASSIGNMENT");

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(
              () ->
                  statement.execute(
                      "UPDATE plinth_base.organization_members SET role = 'owner' WHERE user_id = '"
                          + victor.userId()
                          + "'"))
          .satisfies(refusal -> assertThat(refusal.getSQLState()).isEqualTo("PL004"));
      connection.rollback();
    }
  }

  @Test
  void aTypeCalledUuidIsNoOtherOrganization(
      TestDatabase database, Organization acme, Member alice, Organization globex)
      throws SQLException {
    try (Connection connection = database.host().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(BEGIN.formatted(acme.id(), alice.userId()));
      statement.execute(
          "CREATE TYPE pg_temp.uuid AS (id pg_catalog.uuid);"
              + "CREATE FUNCTION pg_temp.planted(text) RETURNS pg_temp.uuid LANGUAGE sql IMMUTABLE"
              + " AS $$ SELECT ROW('%1$s'::pg_catalog.uuid)::pg_temp.uuid $$;"
                  .formatted(globex.id())
              + "CREATE FUNCTION pg_temp.back(pg_temp.uuid) RETURNS pg_catalog.uuid LANGUAGE sql IMMUTABLE"
              + " AS $$ SELECT ($1).id $$;"
              + "CREATE CAST (text AS pg_temp.uuid) WITH FUNCTION pg_temp.planted(text) AS IMPLICIT;"
              + "CREATE CAST (pg_temp.uuid AS pg_catalog.uuid) WITH FUNCTION pg_temp.back(pg_temp.uuid) AS IMPLICIT");

      try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT plinth_base.current_organization_id()::text, count(*)"
                      + " FROM plinth_base.organizations WHERE id <> CAST(? AS pg_catalog.uuid)");
          ResultSet row = executed(query, acme)) {
        row.next();
        assertThat(row.getString(1)).isEqualTo(acme.id().toString());
        assertThat(row.getInt(2)).isZero();
      }
      connection.rollback();
    }
  }

  private static ResultSet executed(PreparedStatement query, Organization acme)
      throws SQLException {
    query.setString(1, acme.id().toString());
    return query.executeQuery();
  }
}
