package dev.plinth.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the contracts are for, broken on purpose: each must be noticed, by the rule that is meant.
 */
class ContractsCanFailTest {

  private static final List<NotesModule> MODULES = List.of(new NotesModule());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ROW_SECURITY              | ALTER TABLE plinth_notes.notes NO FORCE ROW LEVEL SECURITY
          ROW_SECURITY              | ALTER TABLE plinth_notes.notes DISABLE ROW LEVEL SECURITY
          ROW_SECURITY              | CREATE TABLE plinth_notes.bare (organization_id uuid NOT NULL, id uuid, PRIMARY KEY (organization_id, id))
          READABLE                  | DROP POLICY notes_select_tenant ON plinth_notes.notes
          TENANT_COLUMN_FIRST       | ALTER TABLE plinth_notes.notes ALTER organization_id SET DEFAULT gen_random_uuid()
          TENANT_COLUMN_FIRST       | CREATE TABLE plinth_notes.late (id uuid, organization_id uuid NOT NULL)
          PRIMARY_KEY               | CREATE TABLE plinth_notes.keyless (organization_id uuid NOT NULL)
          KEYS_START_WITH_TENANT    | ALTER TABLE plinth_notes.notes ADD CONSTRAINT notes_text_uq UNIQUE (text)
          KEYS_START_WITH_TENANT    | CREATE TABLE plinth_notes.odd (organization_id uuid NOT NULL, id uuid CONSTRAINT odd_id_pk PRIMARY KEY)
          KEYS_START_WITH_TENANT    | ALTER TABLE plinth_notes.notes ADD CONSTRAINT notes_user_fk FOREIGN KEY (author_id) REFERENCES plinth_base.users (id)
          USERS_ARE_MEMBERS         | ALTER TABLE plinth_notes.notes ADD CONSTRAINT notes_user_fk FOREIGN KEY (author_id) REFERENCES plinth_base.users (id)
          INDEXES_START_WITH_TENANT | CREATE INDEX notes_text_ix ON plinth_notes.notes (text)
          INDEX_NAMES               | CREATE INDEX whatever ON plinth_notes.notes (organization_id, text)
          CONSTRAINT_NAMES          | ALTER TABLE plinth_notes.notes ADD CONSTRAINT nonempty CHECK (text <> '-')
          POLICIES_NAME_TENANT      | CREATE POLICY open ON plinth_notes.notes FOR SELECT TO plinth_app USING (true)
          POLICIES_NAME_TENANT      | CREATE POLICY sub ON plinth_notes.notes FOR SELECT TO plinth_app USING (organization_id = plinth_base.current_organization_id() AND id IN (SELECT d.id FROM plinth_notes.drafts d))
          POLICIES_ARE_PERMISSIVE   | CREATE POLICY hard ON plinth_notes.notes AS RESTRICTIVE FOR SELECT TO plinth_app USING (organization_id = plinth_base.current_organization_id())
          POLICIES_HAVE_ROLES       | CREATE POLICY all_of_us ON plinth_notes.notes FOR SELECT USING (organization_id = plinth_base.current_organization_id())
          GRANTS                    | GRANT SELECT ON plinth_notes.notes TO PUBLIC
          POLICIES_NAME_TENANT      | CREATE POLICY ajar ON plinth_notes.notes FOR SELECT TO plinth_reader USING (organization_id = plinth_base.current_organization_id() OR true)
          POLICIES_NAME_TENANT      | CREATE POLICY ajar ON plinth_notes.notes FOR SELECT TO plinth_reader USING (organization_id = plinth_base.current_organization_id() AND text <> '' OR true)
          COLUMN_GRANTS             | GRANT SELECT (text) ON plinth_notes.notes TO PUBLIC
          SCHEMA_GRANTS             | GRANT CREATE ON SCHEMA plinth_notes TO plinth_app
          NO_SET_NULL               | ALTER TABLE plinth_notes.notes ADD CONSTRAINT notes_self_fk FOREIGN KEY (organization_id, id) REFERENCES plinth_notes.notes (organization_id, id) ON UPDATE SET NULL
          GRANTS                    | GRANT TRUNCATE ON plinth_notes.notes TO plinth_app
          NO_RIGHTS_ON_PARTITIONS   | GRANT SELECT ON plinth_notes.readings_default TO plinth_app
          NO_RIGHTS_ON_PARTITIONS   | GRANT SELECT (note_id) ON plinth_notes.readings_default TO PUBLIC
          REFERENCES_CAN_BE_EMPTIED | ALTER TABLE plinth_notes.notes ADD reading_id uuid, ADD CONSTRAINT notes_reading_fk FOREIGN KEY (organization_id, reading_id) REFERENCES plinth_notes.readings (organization_id, id)
          REFERENCES_CAN_BE_EMPTIED | ALTER TABLE plinth_notes.notes ADD CONSTRAINT notes_reading_fk FOREIGN KEY (organization_id, id) REFERENCES plinth_notes.readings (organization_id, id); GRANT UPDATE ON plinth_notes.notes TO plinth_system
          NO_DEFAULT_PRIVILEGES     | ALTER DEFAULT PRIVILEGES IN SCHEMA plinth_notes GRANT SELECT ON TABLES TO plinth_app
          NO_SET_NULL               | ALTER TABLE plinth_notes.notes ADD CONSTRAINT notes_self_fk FOREIGN KEY (organization_id, id) REFERENCES plinth_notes.notes (organization_id, id) ON DELETE SET NULL
          COMMENTS                  | COMMENT ON TABLE plinth_notes.notes IS NULL
          COMMENTS                  | COMMENT ON VIEW plinth_notes.data_quality_metrics_part IS NULL
          TIMES_HAVE_ZONES          | ALTER TABLE plinth_notes.notes ADD at timestamp
          VIEWS_ASK_AS_CALLER       | CREATE VIEW plinth_notes.all_notes AS SELECT * FROM plinth_notes.notes
          VIEWS_ASK_AS_CALLER       | CREATE MATERIALIZED VIEW plinth_notes.frozen AS SELECT 1 AS one
          DEFINERS_ARE_FENCED       | CREATE FUNCTION plinth_notes.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'
          TRIGGERS_FIX_THEIR_PATH   | CREATE FUNCTION plinth_notes.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER notes_g BEFORE UPDATE ON plinth_notes.notes FOR EACH ROW EXECUTE FUNCTION plinth_notes.g()
          POLICY_FUNCTIONS_ARE_BOUND | CREATE FUNCTION plinth_notes.mine() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT current_setting(''plinth.organization_id'', true)::uuid'; CREATE POLICY notes_mine ON plinth_notes.notes FOR SELECT TO plinth_app USING (organization_id = plinth_notes.mine())
          ROW_TRIGGERS              | CREATE TRIGGER t BEFORE UPDATE ON plinth_notes.notes FOR EACH STATEMENT EXECUTE FUNCTION plinth_base.set_updated_at()
          """)
  void theLinterNotices(String rule, String damage) {
    try (Fixture fixture = damaged(damage)) {
      assertThat(CatalogLinter.ofModules(fixture.plinth().modules()).lint(superuser(fixture)))
          .extracting(Finding::rule)
          .contains(rule);
    }
  }

  @Test
  void theLinterWorksOnAHostsOwnSchema() {
    try (Fixture fixture = damaged("CREATE TABLE public.orders (id uuid PRIMARY KEY)")) {
      List<Finding> findings =
          CatalogLinter.ofSchemas(List.of("public"), List.of(), List.of()).lint(superuser(fixture));

      assertThat(findings)
          .extracting(Finding::object)
          .contains("public.orders")
          .allMatch(object -> object.startsWith("public.orders"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          another organization's rows are seen         | DROP POLICY notes_select_tenant ON plinth_notes.notes; CREATE POLICY notes_select_tenant ON plinth_notes.notes FOR SELECT TO plinth_app USING (true)
          another organization's rows are seen         | ALTER TABLE plinth_notes.notes DISABLE ROW LEVEL SECURITY
          are seen by a reader                         | CREATE POLICY ajar ON plinth_notes.notes FOR SELECT TO plinth_reader USING (true)
          the own rows are not seen                    | DROP POLICY readings_select_tenant ON plinth_notes.readings
          UPDATE reaches another organization's rows   | ALTER TABLE plinth_notes.notes DISABLE ROW LEVEL SECURITY
          DELETE reaches another organization's rows   | ALTER TABLE plinth_notes.notes DISABLE ROW LEVEL SECURITY
          UPDATE to another organization reaches own   | DROP POLICY notes_update_tenant ON plinth_notes.notes; CREATE POLICY u ON plinth_notes.notes FOR UPDATE TO plinth_app USING (true) WITH CHECK (true); ALTER TABLE plinth_notes.notes DROP CONSTRAINT notes_author_fk
          INSERT for another organization              | DROP POLICY notes_insert_tenant ON plinth_notes.notes; CREATE POLICY i ON plinth_notes.notes FOR INSERT TO plinth_app WITH CHECK (true)
          is private, yet another user                 | DROP POLICY drafts_select_tenant ON plinth_notes.drafts; CREATE POLICY s ON plinth_notes.drafts FOR SELECT TO plinth_app USING (organization_id = plinth_base.current_organization_id())
          INSERT for another user                      | DROP POLICY drafts_insert_tenant ON plinth_notes.drafts; CREATE POLICY i ON plinth_notes.drafts FOR INSERT TO plinth_app WITH CHECK (organization_id = plinth_base.current_organization_id())
          is not seen by another user                  | DROP POLICY notes_select_tenant ON plinth_notes.notes; CREATE POLICY s ON plinth_notes.notes FOR SELECT TO plinth_app USING (organization_id = plinth_base.current_organization_id() AND author_id = plinth_base.current_user_id())
          checks the organization for each row         | DROP POLICY notes_select_tenant ON plinth_notes.notes; CREATE POLICY s ON plinth_notes.notes FOR SELECT TO plinth_app, plinth_reader USING (organization_id::text = current_setting('plinth.organization_id', true))
          is empty for one side                        | CREATE TABLE plinth_notes.unused (organization_id uuid NOT NULL)
          """)
  void brokenPoliciesAreNoticed(String detail, String damage) {
    try (Fixture fixture = damaged(damage)) {
      assertThat(new TenancyCheck(fixture).policies(contract(probes -> {})))
          .extracting(Finding::detail)
          .anyMatch(found -> found.contains(detail));
    }
  }

  @Test
  void aQueryWithoutPredicateIsNoticed() {
    assertThat(
            predicates(probes -> probes.reads("p", (tx, own, other) -> notes.listCarelessly(tx))))
        .extracting(Finding::object)
        .contains("p");
  }

  @Test
  void aQueryThatForgetsTheUserOfAPrivateTableIsNoticed() {
    assertThat(
            predicates(probes -> probes.reads("p", (tx, own, other) -> notes.list(tx, "drafts"))))
        .extracting(Finding::object)
        .contains("p");
  }

  @Test
  void anAdministratorsQueryThatRefusesNobodyIsNoticed() {
    assertThat(
            predicates(
                probes ->
                    probes.readsAsAdministrator("p", (tx, own, other) -> notes.list(tx, "notes"))))
        .filteredOn(finding -> finding.object().equals("p"))
        .extracting(Finding::detail)
        .allMatch(detail -> detail.startsWith("is not refused"))
        .isNotEmpty();
  }

  @Test
  void anAdministratorsQueryWithoutPredicateIsNoticed() {
    assertThat(
            predicates(
                probes ->
                    probes.readsAsAdministrator("p", (tx, own, other) -> notes.listCarelessly(tx))))
        .filteredOn(finding -> finding.object().equals("p"))
        .extracting(Finding::detail)
        .anyMatch(detail -> detail.startsWith("reads "));
  }

  @Test
  void anAdministeredTableThatADeveloperSeesIsNoticed() {
    try (Fixture fixture = new Fixture(MODULES)) {
      List<String> found =
          new TenancyCheck(fixture)
              .policies(contract(probes -> {}, Set.of("plinth_notes.notes"))).stream()
                  .map(Finding::toString)
                  .toList();

      assertThat(found)
          .anyMatch(
              finding ->
                  finding.contains("plinth_notes.notes")
                      && finding.contains("yet a developer sees it"));
    }
  }

  @Test
  void anUpdateWithoutPredicateIsNoticed() {
    assertThat(
            predicates(
                probes -> probes.writes("p", (tx, own, other) -> notes.editCarelessly(tx, "x"))))
        .extracting(Finding::object)
        .contains("p");
  }

  @Test
  void aForeignIdThatIsAcceptedIsNoticed() {
    assertThat(
            predicates(
                probes -> probes.refuses("p", (tx, own, other) -> notes.editCarelessly(tx, "x"))))
        .extracting(Finding::object)
        .contains("p");
  }

  @Test
  void aProbeThatTouchesNothingCoversNothing() {
    assertThat(predicates(probes -> probes.writes("p", (tx, own, other) -> 1)))
        .extracting(Finding::object)
        .contains("plinth_notes.notes", "plinth_notes.drafts", "plinth_notes.readings");
  }

  @Test
  void aProbeThatReadsNothingIsNoticed() {
    assertThat(
            predicates(
                probes ->
                    probes.reads(
                        "p",
                        (tx, own, other) -> {
                          notes.listCarelessly(tx);
                          return null;
                        })))
        .extracting(Finding::detail)
        .anyMatch(detail -> detail.startsWith("reads nothing"));
  }

  @Test
  void checksThatRunAtOnceDoNotLetEachOtherPass() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<List<Finding>>> checks = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        checks.add(
            threads.submit(
                () ->
                    predicates(
                        probes ->
                            probes.reads("p", (tx, own, other) -> notes.listCarelessly(tx)))));
      }
      for (Future<List<Finding>> check : checks) {
        assertThat(check.get()).extracting(Finding::object).contains("p");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aTableThatNoProbeTouchesIsNoticed() {
    assertThat(predicates(probes -> {}))
        .extracting(Finding::object)
        .contains("plinth_notes.notes", "plinth_notes.drafts", "plinth_notes.readings");
  }

  @Test
  void aMigrationThatLeavesSomethingBehindIsNoticed() {
    assertThat(new MigrationCheck(List.of(new LitteringModule())).upDownUp())
        .extracting(Finding::detail)
        .anyMatch(detail -> detail.contains("leaves behind"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"WHERE text <> ''", "WHERE id IS NOT NULL", ""})
  void healthThatReadsATableToItsEndIsNoticed(String condition) {
    String part =
        "CREATE OR REPLACE VIEW plinth_notes.data_quality_metrics_part WITH (security_invoker = true) AS"
            + " SELECT 'notes' AS table_name, 'notes are short' AS metric, count(*) AS rows_checked,"
            + " 0::bigint AS issue_count, '' AS detail FROM plinth_notes.notes ";
    try (Fixture fixture = damaged(part + condition)) {
      assertThat(new MonitoringCheck(superuser(fixture)).unbounded())
          .extracting(Finding::detail)
          .singleElement()
          .asString()
          .contains("plinth_notes.notes");
    }
  }

  @Test
  void aMigrationThatIsBlindIsNoticed() {
    assertThat(careless().blind())
        .extracting(Finding::object)
        .containsExactlyInAnyOrder(
            "careless V002__backfill.sql",
            "careless V003__key.sql",
            "careless V005__copy.sql",
            "careless V006__common_table.sql",
            "careless V007__merge.sql",
            "careless V008__block.sql",
            "careless V009__other_table.sql",
            "careless V010__too_late.sql",
            "careless+cascading V002__validation.sql");
  }

  @Test
  void aLinkThatDoesNotHoldIsNoticed() {
    assertThat(careless().linksHold())
        .extracting(Finding::object)
        .containsExactly("careless+cascading");
  }

  @Test
  void aMigrationThatADbaCannotRunIsNoticed() {
    assertThat(careless().printed())
        .extracting(Finding::detail)
        .anyMatch(detail -> detail.contains("VACUUM"));
  }

  private static MigrationCheck careless() {
    return new MigrationCheck(List.of(new CarelessModule(), new CascadingModule()));
  }

  private final Notes notes = new Notes();

  private List<Finding> predicates(Consumer<Probes<Notes.Written>> probes) {
    try (Fixture fixture = new Fixture(MODULES)) {
      return new TenancyCheck(fixture).predicates(contract(probes));
    }
  }

  private TenancyContract<Notes.Written> contract(Consumer<Probes<Notes.Written>> probes) {
    return contract(probes, Set.of());
  }

  private TenancyContract<Notes.Written> contract(
      Consumer<Probes<Notes.Written>> probes, Set<String> administered) {
    return new TenancyContract<>() {
      @Override
      public Notes.Written fill(Plinth plinth, Member member) {
        return plinth.as(member).call(notes::fill);
      }

      @Override
      public void probes(Probes<Notes.Written> all) {
        probes.accept(all);
      }

      @Override
      public Set<String> privateTables() {
        return Set.of("plinth_notes.drafts");
      }

      @Override
      public Set<String> administeredTables() {
        return administered;
      }
    };
  }

  private static Fixture damaged(String sql) {
    Fixture fixture = new Fixture(MODULES);
    try (Connection connection = superuser(fixture).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      return fixture;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static DataSource superuser(Fixture fixture) {
    return fixture.database().superuser();
  }
}
