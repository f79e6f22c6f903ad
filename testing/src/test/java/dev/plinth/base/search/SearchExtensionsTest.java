package dev.plinth.base.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The extensions that search needs, on databases where a host was before. */
class SearchExtensionsTest {

  private static final String WHERE =
      "SELECT string_agg(e.extname || ' in ' || n.nspname, ', ' ORDER BY e.extname) FROM pg_extension e"
          + " JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname IN ('btree_gin', 'pg_trgm')";

  private final TestDatabase database = TestServer.shared().empty();

  @AfterEach
  void dropIt() {
    database.close();
  }

  @Test
  void theyComeAndGoWithTheMigration() throws SQLException {
    plinth().migrate();
    assertThat(query(WHERE))
        .isEqualTo("btree_gin in plinth_extensions, pg_trgm in plinth_extensions");

    down();

    assertThat(query(WHERE)).isNull();
    plinth().migrate();
    plinth().validate();
  }

  @Test
  void whatTheHostHasStaysWhereItIs() throws SQLException {
    execute("CREATE SCHEMA tools; GRANT USAGE ON SCHEMA tools TO PUBLIC");
    execute("CREATE EXTENSION pg_trgm SCHEMA tools");

    plinth().migrate();
    assertThat(query(WHERE)).isEqualTo("btree_gin in plinth_extensions, pg_trgm in tools");
    assertThat(query("SELECT prosrc FROM pg_proc WHERE proname = 'similar_notes'"))
        .contains("OPERATOR(tools.%)");
    down();

    assertThat(query(WHERE)).isEqualTo("pg_trgm in tools");
  }

  @Test
  void whatTheHostUsesMeanwhileIsNotDropped() throws SQLException {
    plinth().migrate();
    execute("CREATE TABLE words (word text)");
    execute("CREATE INDEX ON words USING gin (word plinth_extensions.gin_trgm_ops)");

    down();

    assertThat(query(WHERE)).isEqualTo("pg_trgm in plinth_extensions");
    plinth().migrate();
    plinth().validate();
  }

  @Test
  void aSchemaThatMayNotBeUsedIsNamedWithWhatIsToBeDone() throws SQLException {
    execute("CREATE SCHEMA hidden");
    execute("CREATE EXTENSION pg_trgm SCHEMA hidden");

    assertThatThrownBy(() -> plinth().migrate())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("GRANT USAGE ON SCHEMA hidden TO");
  }

  private Plinth plinth() {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .modules(new NotesModule())
        .build();
  }

  private void down() {
    plinth().rollback("notes", 0);
    plinth().rollback("base", 0);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
