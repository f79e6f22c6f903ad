package dev.plinth.base.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What search costs as plinth_app among a million rows. The plans are those of the statements
 * inside the functions, which auto_explain tells.
 */
@PlinthTest(NotesModule.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchPlansTest {

  private static final int ROWS = 1_000_000;

  /** Far below the 30,000 that the table alone has; a page is 8 kB. */
  private static final int FEW_PAGES = 3_000;

  private static final Pattern BUFFERS =
      Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");

  private @Nullable Member alice;
  private @Nullable Member carol;
  private TestDatabase database;

  /** Alice's organization has all but 500 of the rows; the indexes are built on what is there. */
  @BeforeEach
  void fill(
      TestDatabase database, Organization acme, Member alice, Organization globex, Member carol)
      throws SQLException {
    this.database = database;
    if (this.alice != null) {
      return;
    }
    this.alice = alice;
    this.carol = carol;
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET maintenance_work_mem = '512MB'");
      statement.execute(
          "CREATE TEMP TABLE made AS SELECT indexdef FROM pg_indexes"
              + " WHERE tablename = 'notes' AND indexdef LIKE '%USING gin%'");
      statement.execute("DROP INDEX plinth_notes.notes_search_vector_ix");
      statement.execute("DROP INDEX plinth_notes.notes_text_similarity_ix");
      statement.execute("ALTER TABLE plinth_notes.notes DISABLE TRIGGER ALL");
      statement.execute(rows(alice, ROWS - 500));
      statement.execute(rows(carol, 500));
      statement.execute("ALTER TABLE plinth_notes.notes ENABLE TRIGGER ALL");
      statement.execute(
          "DO $$ DECLARE d text; BEGIN FOR d IN SELECT indexdef FROM made LOOP EXECUTE d; END LOOP; END $$");
      statement.execute("VACUUM ANALYZE plinth_notes.notes");
    }
  }

  /** Half of the notes say common, one in a thousand says rare, each has a number of its own. */
  private static String rows(Member author, int count) {
    return """
        INSERT INTO plinth_notes.notes (organization_id, id, author_id, text)
        SELECT '%s', gen_random_uuid(), '%s',
               CASE WHEN i %% 2 = 0 THEN 'common ' ELSE '' END
               || CASE WHEN i %% 1000 = 7 THEN 'rare ' ELSE '' END || 'note ' || md5(i::text)
        FROM generate_series(1, %d) AS i
        """
        .formatted(author.organizationId(), author.userId(), count);
  }

  @Test
  void aRareWordIsFoundByTheIndexThatBeginsWithTheOrganization() throws SQLException {
    String plan = plan(alice, "search_notes", "rare", 50);

    assertThat(plan)
        .contains("Bitmap Index Scan on notes_search_vector_ix")
        .containsPattern("Index Cond: \\(\\(organization_id = .* AND \\(search_vector @@")
        .doesNotContain("Seq Scan");
    assertThat(buffers(plan)).isLessThan(FEW_PAGES);
  }

  @Test
  void twoWordsOfWhichOneIsCommonCostWhatTheRareOneDoes() throws SQLException {
    String plan = plan(alice, "search_notes", "note rare", 50);

    assertThat(plan).contains("Bitmap Index Scan on notes_search_vector_ix");
    assertThat(buffers(plan)).isLessThan(FEW_PAGES);
  }

  @Test
  void aTenantOfFewRowsPaysForFew() throws SQLException {
    String words = plan(carol, "search_notes", "common", 50);
    String similar = plan(carol, "similar_notes", "common note " + md5("4"), 50);

    assertThat(words).doesNotContain("Seq Scan");
    assertThat(buffers(words)).isLessThan(FEW_PAGES);
    assertThat(similar).doesNotContain("Seq Scan");
    assertThat(buffers(similar)).isLessThan(FEW_PAGES);
  }

  @Test
  void whatResemblesIsFoundByTheIndexThatBeginsWithTheOrganization() throws SQLException {
    String plan = plan(alice, "similar_notes", md5("4711"), 50);

    assertThat(plan)
        .contains("Bitmap Index Scan on notes_text_similarity_ix")
        .containsPattern("Index Cond: \\(\\(organization_id = .* AND \\(text ")
        .doesNotContain("Seq Scan");
    assertThat(buffers(plan)).isLessThan(3 * FEW_PAGES);
  }

  private String md5(String number) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT md5('" + number + "')")) {
      row.next();
      return row.getString(1);
    }
  }

  private String plan(@Nullable Member who, String function, String query, int limit)
      throws SQLException {
    Member member = Objects.requireNonNull(who);
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          LOAD 'auto_explain';
          SET auto_explain.log_min_duration = 0;
          SET auto_explain.log_nested_statements = on;
          SET auto_explain.log_analyze = on;
          SET auto_explain.log_buffers = on;
          SET auto_explain.log_timing = off;
          BEGIN;
          SELECT plinth_base.begin_tenant('%s', '%s', NULL, true, NULL)
          """
              .formatted(member.organizationId(), member.userId()));
      statement.execute("SET LOCAL client_min_messages = log");
      statement.clearWarnings();
      statement.execute(
          "SELECT count(*) FROM plinth_notes.%s('%s', NULL, NULL, %d)"
              .formatted(function, query, limit));
      return inner(statement.getWarnings());
    }
  }

  private static String inner(@Nullable SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      String message = String.valueOf(warning.getMessage());
      if (message.contains("on plinth_notes.notes t") || message.contains("on notes t")) {
        return message;
      }
    }
    throw new AssertionError("auto_explain told nothing of the statement inside");
  }

  /** Of the topmost node, which holds those of the others. */
  private static long buffers(String plan) {
    Matcher matcher = BUFFERS.matcher(plan);
    assertThat(matcher.find()).as(plan).isTrue();
    return Long.parseLong(matcher.group(1))
        + (matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2)));
  }
}
