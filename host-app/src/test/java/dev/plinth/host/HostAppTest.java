package dev.plinth.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.tasks.TasksModule;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.merge.MergeStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job and the commands, end to end, on real repositories and a real database. */
class HostAppTest {

  /** How many rows every table of Plinth's has, save that which only a started host fills. */
  private static final String ROWS =
      """
      SELECT string_agg(name || '=' || (xpath('/row/c/text()',
               query_to_xml('SELECT count(*) AS c FROM ' || name, false, true, '')))[1]::text, ' ' ORDER BY name)
      FROM (SELECT n.nspname || '.' || c.relname AS name
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname LIKE 'plinth\\_%' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
              AND c.oid <> 'plinth_base.jobs'::regclass) AS tables
      """;

  @TempDir private Path directory = Path.of(".");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private TestDatabase database = TestServer.shared().empty();

  @BeforeEach
  void aFreshStart() {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
  }

  @AfterEach
  void dropIt() {
    database.close();
  }

  @Test
  void theMainJobReportsTheRealBranches() throws Exception {
    repository(directory.resolve("apollo"));

    assertThat(mainJob("apollo")).isZero();

    assertThat(out.toString())
        .contains("acme (active)")
        .contains("owner")
        .contains("Grace Hopper")
        .contains("APOLLO apollo (active)")
        .containsPattern("\\* main +\\p{XDigit}{9} ")
        .contains("feature/moon")
        .contains("Ada Lovelace: Fly to the moon")
        .contains("branches: 2 new")
        .contains("feature requests 3, of which open: 1")
        .containsPattern(
            "(?s)Fly to the moon \\(in progress; votes: 1, weight: 2\\)"
                + ".*proposed +[-0-9]{10} [:0-9]{5}  Ada Lovelace"
                + ".*planned +[-0-9]{10} [:0-9]{5}  Grace Hopper"
                + ".*in progress +[-0-9]{10} [:0-9]{5}  Ada Lovelace")
        .containsPattern(
            "(?s)Compile \\(completed;.*completed +[-0-9]{10} [:0-9]{5}  Grace Hopper");
    assertThat(err.toString()).contains("migrating").contains("reading git branches");
  }

  @Test
  void theMainJobMeasuresWhatIsCommitted() throws Exception {
    Path where = directory.resolve("apollo");
    repository(where);
    Files.createDirectories(where.resolve("src/deep"));
    Files.writeString(where.resolve("src/A.java"), "class A {\n}\n");
    Files.writeString(where.resolve("src/deep/B.java"), "class B {\n\n}");
    Files.write(where.resolve("src/deep/moon.png"), new byte[] {0, 1, 10, 10});
    try (Git git = Git.open(where.toFile())) {
      commit(git, where, "Draw", "Ada Lovelace", "ada@example.org");
    }
    Files.writeString(where.resolve("notCommitted.java"), "\n\n\n");

    assertThat(mainJob("apollo")).as(err.toString()).isZero();

    assertThat(err.toString()).contains("measured: 5 of 5 tasks (100 %): 5 succeeded");
    assertThat(out.toString())
        .containsPattern("Files +4 files, 6 lines, 1 KiB in 3 directories at \\p{XDigit}{9}\\R")
        .containsPattern("Java +2 files, 5 lines, 1 KiB")
        .containsPattern("\\.png +1 files, 0 lines, 1 KiB")
        .containsPattern("Text +1 files, 1 lines, 1 KiB")
        .containsPattern("src/deep: 2 files, 3 lines")
        .containsPattern("Measured by +5 succeeded tasks in \\d+ ms")
        .containsPattern(
            "(?s)critical path\\R +scan +waited +\\d+ ms, ran +\\d+ ms\\R"
                + " +directory-\\d +waited.*join +waited");
  }

  @Test
  void aMeasurementThatWasCutOffIsGoneOnWith() throws Exception {
    Path where = directory.resolve("apollo");
    repository(where);
    assertThat(mainJob("apollo")).isZero();
    try (Git git = Git.open(where.toFile())) {
      commit(git, where, "More", "Ada Lovelace", "ada@example.org");
    }
    GitFiles.Commit head = GitFiles.head(where).orElseThrow();
    beginToMeasure(InstantSource.system(), head);

    assertThat(mainJob("apollo")).as(err.toString()).isZero();

    assertThat(out.toString()).contains("directories at " + head.id().substring(0, 9));
    assertThat(query("SELECT string_agg(status, ' ') FROM plinth_tasks.workflow_runs"))
        .isEqualTo("succeeded succeeded");
  }

  @Test
  void whatNoHostCanMeasureIsGivenUpAndHindersNothing() throws Exception {
    repository(directory.resolve("apollo"));
    assertThat(mainJob("apollo")).isZero();
    Instant longAgo = Instant.now().minusSeconds(120);
    beginToMeasure(() -> longAgo, new GitFiles.Commit("/nowhere", "0".repeat(40)));
    try (Git git = Git.open(directory.resolve("apollo").toFile())) {
      commit(git, directory.resolve("apollo"), "More", "Ada Lovelace", "ada@example.org");
    }

    assertThat(mainJob("apollo")).as(err.toString()).isZero();

    assertThat(
            query("SELECT string_agg(status, ' ' ORDER BY status) FROM plinth_tasks.workflow_runs"))
        .isEqualTo("failed succeeded succeeded");
  }

  private void beginToMeasure(InstantSource clock, GitFiles.Commit commit) {
    TasksModule tasks = new TasksModule();
    Plinth plinth =
        Plinth.builder()
            .dataSource(database.ownerPool())
            .modules(new ProjectsModule(), tasks)
            .clock(clock)
            .build();
    Organization acme =
        plinth
            .asSystem("test")
            .read(tx -> plinth.organizations().findBySlug(tx, "acme"))
            .orElseThrow();
    Map<String, Object> input = Map.of("directory", commit.directory(), "commit", commit.id());
    plinth
        .as(new Tenants(plinth).owner(acme))
        .run(
            tx -> {
              String workflow = new MeasuringTasks(tasks).define(tx).name();
              tasks.workflows().start(tx, workflow, input);
            });
  }

  @Test
  void runningAgainAddsNothing() throws Exception {
    repository(directory.resolve("apollo"));
    assertThat(mainJob("apollo")).isZero();
    String before = query(ROWS);

    assertThat(mainJob("apollo")).isZero();

    assertThat(query(ROWS)).isEqualTo(before).contains("plinth_projects.repository_branches=2");
    assertThat(out.toString()).contains("nothing changed since the last one");
  }

  @Test
  void aBranchThatIsMergedCompletesItsFeatureRequest() throws Exception {
    repository(directory.resolve("apollo"));
    assertThat(mainJob("apollo")).isZero();
    try (Git git = Git.open(directory.resolve("apollo").toFile())) {
      git.merge()
          .include(git.getRepository().resolve("feature/moon"))
          .setStrategy(MergeStrategy.OURS)
          .setMessage("Merge the moon")
          .call();
    }
    out.getBuffer().setLength(0);

    assertThat(mainJob("apollo")).isZero();

    assertThat(out.toString())
        .contains("Fly to the moon (completed; votes: 1, weight: 2)")
        .contains("Merge the moon (completed;")
        .contains("feature requests 4, of which open: 0");
  }

  @Test
  void theNextRunFinishesWhatARunThatWasCutOffOrAPersonLeft() throws Exception {
    Path where = directory.resolve("apollo");
    repository(where);
    branches(where, "planned", "reviewed", "accepted", "rejected");
    assertThat(mainJob("apollo")).isZero();
    leave("Fly to the moon", "rejected", "proposed");
    query(
        "DELETE FROM plinth_projects.feature_request_votes v USING plinth_projects.feature_requests f"
            + " WHERE f.id = v.feature_request_id AND f.status = 'proposed' RETURNING 1");
    leave("planned", "planned");
    leave("reviewed", "in_review");
    leave("accepted", "in_review", "completed");
    leave("rejected", "rejected");

    assertThat(mainJob("apollo")).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains("Fly to the moon (in progress; votes: 1, weight: 2)")
        .contains("planned (in progress;")
        .contains("reviewed (in review;")
        .contains("accepted (completed;")
        .contains("rejected (rejected;");
    try (Git git = Git.open(where.toFile())) {
      git.branchDelete()
          .setBranchNames("feature/moon", "planned", "reviewed", "accepted", "rejected")
          .setForce(true)
          .call();
    }
    query(
        "INSERT INTO plinth_projects.feature_requests (organization_id, project_id, parent_id, title)"
            + " SELECT organization_id, project_id, id, 'A part' FROM plinth_projects.feature_requests"
            + " WHERE title = 'planned' RETURNING 1");
    out.getBuffer().setLength(0);

    assertThat(mainJob("apollo")).as(err.toString()).isZero();

    assertThat(out.toString())
        .contains("Fly to the moon (completed;")
        .contains("planned (in review;")
        .contains("reviewed (completed;")
        .contains("accepted (completed;")
        .contains("rejected (rejected;");
    leave("A part", "rejected");
    out.getBuffer().setLength(0);

    assertThat(mainJob("apollo")).as(err.toString()).isZero();

    assertThat(out.toString()).contains("planned (completed;");
  }

  @Test
  void theLifeThatIsPrintedIsThatOfTheTransitions() throws Exception {
    repository(directory.resolve("apollo"));
    assertThat(mainJob("apollo")).isZero();
    query(
        """
        UPDATE plinth_projects.feature_request_transitions t
        SET created_at = '2001-02-03 04:05Z', author_id = NULL
        FROM plinth_projects.feature_requests f
        WHERE f.id = t.feature_request_id AND f.title = 'Fly to the moon' AND t.to_value = 'planned'
        RETURNING 1
        """);
    out.getBuffer().setLength(0);

    assertThat(mainJob("apollo")).isZero();

    assertThat(out.toString())
        .containsPattern(
            "(?s)Fly to the moon .*?proposed .*?planned +2001-02-03 04:05  a service\\R"
                + " +in progress +[-0-9]{10} [:0-9]{5}  Ada Lovelace");
  }

  @Test
  void aSubdirectoryIsTheSameRepository() throws Exception {
    repository(directory.resolve("apollo"));
    Files.createDirectory(directory.resolve("apollo/docs"));
    assertThat(mainJob("apollo")).isZero();
    String before = query(ROWS);

    assertThat(mainJob("apollo/docs")).isZero();

    assertThat(query(ROWS)).isEqualTo(before);
  }

  @Test
  void aShallowCloneWithADetachedHeadWorks() throws Exception {
    repository(directory.resolve("apollo"));
    try (Git clone =
        Git.cloneRepository()
            .setURI(directory.resolve("apollo").toUri().toString())
            .setDirectory(directory.resolve("shallow").toFile())
            .setDepth(1)
            .call()) {
      clone.checkout().setName(clone.getRepository().resolve("HEAD").name()).call();
      clone.branchDelete().setBranchNames("main").setForce(true).call();
    }

    assertThat(mainJob("shallow")).isZero();

    assertThat(out.toString())
        .contains("HEAD is detached at")
        .contains("the clone is shallow")
        .contains("Grace Hopper");
  }

  @Test
  void aRepositoryWithoutCommitsWorks() throws Exception {
    Git.init().setDirectory(directory.resolve("empty").toFile()).call().close();

    assertThat(mainJob("empty")).isZero();

    assertThat(out.toString()).contains("no branches").doesNotContain("Measured by");
  }

  @Test
  void whereThereIsNoRepositoryItSaysWhatIsMissing() {
    assertThat(mainJob(".")).isEqualTo(1);

    assertThat(err.toString())
        .contains("--repository must be a directory in a git repository")
        .contains(directory.toString())
        .doesNotContain("at dev.plinth");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theVariableNamesTheDatabase() throws Exception {
    repository(directory.resolve("apollo"));
    Map<String, String> environment = Map.of("DATABASE_URL", cloudUrl());

    assertThat(run(environment, "--repository", directory.resolve("apollo").toString())).isZero();

    assertThat(query("SELECT count(*) FROM plinth_projects.repositories")).isEqualTo("1");
    assertThat(err.toString()).doesNotContain("password=plinth");
  }

  @Test
  void theOtherVariablesOfTheDatabaseCount() {
    Map<String, String> slow =
        Map.of("ENABLE_QUERY_MONITORING", "true", "SLOW_QUERY_THRESHOLD_MS", "60000");
    Map<String, String> tls = Map.of("DATABASE_REQUIRE_TLS", "true");
    String elsewhere = "postgresql://a:secret@db.example.org/app";

    assertThat(run(slow, "migrate", "--url", database.ownerUrl())).isZero();
    assertThat(run(Map.of("DATABASE_POOL_SIZE", "many"), "migrate", "--url", elsewhere)).isOne();
    assertThat(err.toString()).contains("DATABASE_POOL_SIZE must be a whole number");
    assertThat(run(tls, "migrate", "--url", elsewhere)).isOne();
    assertThat(err.toString()).contains("TLS is required").doesNotContain("secret");
  }

  @Test
  void withoutVariableAThrowAwayDatabaseIsUsed() throws Exception {
    repository(directory.resolve("apollo"));

    assertThat(run(Map.of(), "--repository", directory.resolve("apollo").toString())).isZero();

    assertThat(err.toString()).contains("throw-away PostgreSQL");
    assertThat(out.toString()).contains("APOLLO apollo (active)");
    assertThat(query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'plinth%'"))
        .isEqualTo("0");
  }

  @Test
  void migrateAndValidateWorkAgainstAUrl() {
    assertThat(run(Map.of(), "validate", "--url", database.ownerUrl())).isEqualTo(1);
    assertThat(err.toString()).contains("plinth_base").contains("run migrate()");

    assertThat(run(Map.of(), "migrate", "--url", database.ownerUrl())).isZero();
    assertThat(run(Map.of(), "validate", "--url", database.ownerUrl())).isZero();

    assertThat(out.toString()).contains("plinth_projects").contains("valid");
  }

  @Test
  void rollbackTakesBackOnlyWhenOneIsSure() throws Exception {
    assertThat(run(Map.of(), "migrate", "--url", database.ownerUrl())).isZero();

    assertThat(run(Map.of(), "rollback", "projects", "0", "--url", database.ownerUrl()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("--yes is required");
    assertThat(run(Map.of(), "validate", "--url", database.ownerUrl())).isZero();

    for (String name : List.of("tasks+projects", "projects")) {
      assertThat(run(Map.of(), "rollback", name, "0", "--yes", "--url", database.ownerUrl()))
          .as(name)
          .isZero();
    }
    assertThat(query("SELECT count(*) FROM pg_namespace WHERE nspname = 'plinth_projects'"))
        .isEqualTo("0");
    assertThat(run(Map.of(), "migrate", "--url", database.ownerUrl())).isZero();
  }

  @Test
  void whatIsPrintedForADbaDoesWhatMigrateDoes() throws Exception {
    assertThat(run(Map.of(), "print-migrations", "--url", database.ownerUrl())).isZero();
    String sql = out.toString();
    assertThat(query("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'plinth%'"))
        .isEqualTo("0");

    try (Connection owner = database.owner().getConnection();
        Statement statement = owner.createStatement()) {
      statement.execute(sql);
    }

    assertThat(run(Map.of(), "validate", "--url", database.ownerUrl())).isZero();
  }

  @Test
  void healthPrintsTheComposedViewsAndEndsWithTwoIfSomebodyIsNeeded() throws Exception {
    assertThat(run(Map.of(), "migrate", "--url", database.ownerUrl())).isZero();
    assertThat(run(Map.of(), "seed", "--url", database.ownerUrl())).isZero();

    assertThat(run(Map.of(), "health", "--url", database.ownerUrl())).isZero();
    assertThat(out.toString())
        .containsPattern("projects +\\d+ ")
        .containsPattern("partitions of plinth_base.audit_log +healthy")
        .containsPattern("organizations have an owner +pass +0")
        .containsPattern("members are active users +7 +0 +100")
        .containsPattern("critical_alerts\\n +none");

    query(
        "INSERT INTO plinth_base.jobs (name, next_run_at, runs, failures, consecutive_failures)"
            + " VALUES ('base.broken', now(), 9, 9, 9) RETURNING 1");
    assertThat(run(Map.of(), "health", "--url", database.ownerUrl())).isEqualTo(2);
    assertThat(out.toString())
        .containsPattern("base +job base.broken +critical +last succeeded never");
  }

  @Test
  void seedFillsEveryTableAndASecondTimeNone() throws Exception {
    assertThat(run(Map.of(), "migrate", "--url", database.ownerUrl())).isZero();

    assertThat(run(Map.of(), "seed", "--url", database.ownerUrl())).isZero();
    String once = query(ROWS);
    assertThat(run(Map.of(), "seed", "--url", database.ownerUrl())).isZero();

    assertThat(query(ROWS)).isEqualTo(once).doesNotContain("=0");
  }

  @Test
  void aSeedThatWasCutOffGetsItsVotesFromTheNext() throws Exception {
    assertThat(run(Map.of(), "migrate", "--url", database.ownerUrl())).isZero();
    assertThat(run(Map.of(), "seed", "--url", database.ownerUrl())).isZero();
    String votes = "SELECT count(*) FROM plinth_projects.feature_request_votes";
    String once = query(votes);
    query("DELETE FROM plinth_projects.feature_request_votes RETURNING 1");

    assertThat(run(Map.of(), "seed", "--url", database.ownerUrl())).isZero();

    assertThat(query(votes)).isEqualTo(once).isNotEqualTo("0");
  }

  @Test
  void seedFillsAnOrganizationThatSomebodyElseOwns() throws Exception {
    repository(directory.resolve("apollo"));
    assertThat(mainJob("apollo")).isZero();

    assertThat(run(Map.of(), "seed", "--organization", "acme", "--url", database.ownerUrl()))
        .isZero();

    assertThat(query("SELECT count(*) FROM plinth_base.organizations")).isEqualTo("1");
    assertThat(query("SELECT count(*) FROM plinth_projects.projects")).isEqualTo("4");
  }

  @Test
  void aUrlBeforeTheSubcommandCountsAndAnEmptyOneIsRefused() throws Exception {
    Map<String, String> elsewhere = Map.of("DATABASE_URL", "postgresql://127.0.0.1:1/elsewhere");

    assertThat(run(elsewhere, "--url", database.ownerUrl(), "migrate")).isZero();
    assertThat(run(elsewhere, "migrate", "--url", database.ownerUrl())).isZero();
    assertThat(run(elsewhere, "--url", "")).isEqualTo(1);
    assertThat(run(Map.of(), "validate", "--url", "")).isEqualTo(1);

    assertThat(err.toString()).contains("--url is given, but empty");
  }

  @Test
  void aUrlCountsWhereTheVariableIsBroken() {
    Map<String, String> broken = Map.of("DATABASE_URL", "mysql://a:secret@b/c");

    assertThat(run(broken, "migrate", "--url", database.ownerUrl())).isZero();
    assertThat(run(broken, "validate")).isOne();
    assertThat(err.toString()).contains("DATABASE_URL is no database URL").doesNotContain("secret");
  }

  @Test
  void aPoolOfOneConnectionIsEnough() throws Exception {
    repository(directory.resolve("apollo"));
    Map<String, String> small = Map.of("DATABASE_POOL_SIZE", "1", "DATABASE_POOL_TIMEOUT", "5");
    String url = database.ownerUrl();

    assertThat(run(small, "migrate", "--url", url)).isZero();
    assertThat(run(small, "rollback", "tasks+projects", "0", "--yes", "--url", url)).isZero();
    assertThat(run(small, "rollback", "projects", "0", "--yes", "--url", url)).isZero();
    assertThat(run(small, "--url", url, "--repository", directory.resolve("apollo").toString()))
        .isZero();
  }

  @Test
  void theHostsLoginAloneRunsTheMainJobOnADatabaseThatIsReady() throws Exception {
    repository(directory.resolve("apollo"));
    Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .modules(new ProjectsModule(), new TasksModule())
        .build()
        .migrate();

    int code =
        run(
            Map.of(),
            "--url",
            database.hostUrl(),
            "--repository",
            directory.resolve("apollo").toString());

    assertThat(code).isZero();
    assertThat(err.toString()).doesNotContain("migrating");
  }

  @Test
  void repositoriesOfSimilarNamesAreDifferentProjects() throws Exception {
    for (String name : List.of("customer-portal-a", "customer-portal-b", "日本")) {
      repository(directory.resolve(name));
      assertThat(mainJob(name)).isZero();
    }

    assertThat(query("SELECT count(*) FROM plinth_projects.projects")).isEqualTo("3");
  }

  @Test
  void aBadOrganizationIsRefusedBeforeAnythingIsDone() {
    assertThat(run(Map.of(), "--organization", "Bad Slug!")).isEqualTo(1);

    assertThat(err.toString()).contains("--organization").doesNotContain("starting");
  }

  @Test
  void aUrlThatIsNoneIsRefusedWithoutItsPassword() {
    assertThat(run(Map.of(), "validate", "--url", "mysql://a:secret@b/c")).isEqualTo(1);

    assertThat(err.toString()).contains("postgresql://").doesNotContain("secret");
  }

  @Test
  void aServerThatIsNotThereIsOneLine() {
    String nowhere = "postgresql://a:secret@127.0.0.1:1/c?connectTimeout=1";

    assertThat(run(Map.of(), "migrate", "--url", nowhere)).isEqualTo(1);

    assertThat(err.toString())
        .contains("The database is not available")
        .doesNotContain("secret")
        .doesNotContain("at dev.plinth");
  }

  private int mainJob(String repository) {
    return run(
        Map.of(),
        "--url",
        database.ownerUrl(),
        "--repository",
        directory.resolve(repository).toString());
  }

  private int run(Map<String, String> environment, String... arguments) {
    return HostApp.run(environment, new PrintWriter(out), new PrintWriter(err, true), arguments);
  }

  private String cloudUrl() {
    Matcher jdbc =
        Pattern.compile("jdbc:(postgresql://)(.*)\\?user=(.*)&password=(.*)")
            .matcher(database.ownerUrl());
    assertThat(jdbc.matches()).isTrue();
    return jdbc.group(1) + jdbc.group(3) + ":" + jdbc.group(4) + "@" + jdbc.group(2);
  }

  private static void repository(Path where) throws Exception {
    try (Git git = Git.init().setInitialBranch("main").setDirectory(where.toFile()).call()) {
      commit(git, where, "Begin", "Ada Lovelace", "ada@example.org");
      git.checkout().setCreateBranch(true).setName("feature/moon").call();
      commit(git, where, "Fly to the moon", "Ada Lovelace", "ada@example.org");
      git.checkout().setName("main").call();
      commit(git, where, "Compile", "Grace Hopper", "Grace@Example.org");
    }
  }

  private static void branches(Path where, String... names) throws Exception {
    try (Git git = Git.open(where.toFile())) {
      for (String name : names) {
        git.checkout().setCreateBranch(true).setStartPoint("main").setName(name).call();
        commit(git, where, name, "Ada Lovelace", "ada@example.org");
      }
      git.checkout().setName("main").call();
    }
  }

  private void leave(String title, String... statuses) throws SQLException {
    for (String status : statuses) {
      query(
          "UPDATE plinth_projects.feature_requests SET status = '%s' WHERE title = '%s' RETURNING 1"
              .formatted(status, title));
    }
  }

  private static void commit(Git git, Path where, String message, String name, String email)
      throws IOException, GitAPIException {
    Files.writeString(where.resolve("file.txt"), message);
    git.add().addFilepattern(".").call();
    PersonIdent person = new PersonIdent(name, email);
    git.commit().setMessage(message).setAuthor(person).setCommitter(person).setSign(false).call();
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
