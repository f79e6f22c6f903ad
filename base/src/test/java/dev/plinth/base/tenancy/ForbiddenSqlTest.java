package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.tenancy.ForbiddenSql.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForbiddenSqlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COMMIT",
        "/**/\rcommit",
        "SELECT 1; -- then\rCOMMIT",
        "SELECT $a$;$a$; COMMIT",
        "{oj COMMIT}",
        "SET/**/LOCAL plinth.organization_id = 'x'",
        "SET LOCAL \"plinth\".user_role = 'owner'",
        "SET LOCAL \"PLINTH\" . user_role = 'owner'",
        "SET LOCAL \"plinth.user_role\" = 'owner'",
        "SET LOCAL U&\"pl\\0069nth\".user_role = 'owner'",
        "-- x\rSET LOCAL plinth.user_role = 'owner'",
        "SET/**/ROLE plinth_system",
        "SET --\n LOCAL /* to */ ROLE plinth_system",
        "SET LOCAL {oj ROLE} TO plinth_system",
        "SET LOCAL SESSION AUTHORIZATION DEFAULT",
        "SET LOCAL session_authorization = x",
        "SET LOCAL standard_conforming_strings = off",
        "SET LOCAL \"standard_conforming_strings\" TO off",
        "SET/**/statement_timeout = 1",
        "CREATE TEMP TABLE t (a int)",
        "CREATE/**/TEMP TABLE t (a int)",
        "CREATE TEMP TABLE t (a int DEFAULT length('ON COMMIT DROP'))",
        "CREATE TEMP TABLE t (a int) -- ON COMMIT DROP",
        "CREATE TEMP TABLE t (a text DEFAULT $$ ON COMMIT DROP $$)",
        "CREATE TABLE pg_temp.t (a int)",
        "CREATE TABLE \"pg_temp\".t (a int)",
        "CREATE OR REPLACE TEMP VIEW v AS SELECT 1",
        "CREATE TEMP SEQUENCE s",
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE DOMAIN pg_temp.d AS int",
        "CREATE TYPE pg_temp.t AS (a int)",
        "SELECT 1 INTO TEMP x",
        "SELECT 1 INTO/**/LOCAL TEMPORARY TABLE x",
        "SELECT 1 AS a INTO pg_temp.x",
        "(SELECT 1 INTO TEMP x)",
        "WITH a AS (SELECT 1) SELECT * INTO TEMP x FROM a",
        "EXPLAIN ANALYZE CREATE TEMP TABLE x AS SELECT 1",
        "EXPLAIN ANALYZE SELECT 1 INTO TEMP x",
        "DECLARE c CURSOR WITH/**/HOLD FOR SELECT 1"
      })
  void neitherSideEndsChangesOrLeavesAnything(String sql) {
    assertThat(ForbiddenSql.in(sql, Turn.PLINTH, false)).isPresent();
    assertThat(ForbiddenSql.in(sql, Turn.HOST, false)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DROP OWNED BY CURRENT_USER",
        "/* a */ drop -- b\n owned by current_user",
        "REASSIGN OWNED BY CURRENT_USER TO x",
        "GRANT plinth_app TO PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA plinth_base FROM plinth_app",
        "LOCK TABLE plinth_base.organizations",
        "ALTER ROLE CURRENT_USER SET search_path = x",
        "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC",
        "CREATE ROLE x",
        "CREATE TABLE x (a int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP ROLE x",
        "SECURITY LABEL ON ROLE x IS 'y'",
        "COMMENT ON TABLE x IS 'y'",
        "DO $$ BEGIN EXECUTE 'RESET ROLE'; END $$",
        "COPY (SELECT 1) TO STDOUT",
        "DEALLOCATE ALL",
        "VACUUM",
        "SELECT 1 AS a INTO x",
        "SELECT 1; DROP OWNED BY CURRENT_USER"
      })
  void whatReachesBeyondTheTenantIsTheHostsOwnAffair(String sql) {
    assertThat(ForbiddenSql.in(sql, Turn.PLINTH, false)).isPresent();
    assertThat(ForbiddenSql.in(sql, Turn.HOST, false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-- nothing",
        "SELECT 1;",
        " /* COMMIT; */ select 'COMMIT; RESET ROLE', \"COMMIT\"",
        "(SELECT 1) UNION (SELECT 2)",
        "SELECT 'a''; INTO TEMP x', E'a\\'; COMMIT; --', $q$; SET ROLE x; $q$; SELECT 2",
        "SELECT pinto, t.into, 1 AS into, 'INTO TEMP' FROM t -- INTO TEMP x",
        "WITH a AS (INSERT INTO t VALUES (1) RETURNING *) INSERT INTO u SELECT * FROM a",
        "WITH a AS (SELECT 1) MERGE INTO t USING a ON true WHEN MATCHED THEN DELETE",
        "INSERT INTO pg_temp.batch VALUES ('SET ROLE x')",
        "INSERT INTO commit VALUES (1)",
        "UPDATE t SET role = 'x'",
        "DELETE FROM t",
        "TABLE t",
        "VALUES (1), (2)",
        "TRUNCATE batch",
        "EXPLAIN (ANALYZE, VERBOSE) INSERT INTO t SELECT 1",
        "ANALYZE batch",
        "CALL p(1)",
        "{call p(?)}",
        "{? = call f(?)}",
        "NOTIFY there, 'x'",
        "SHOW work_mem",
        "SET LOCAL lock_timeout = '1s'",
        "set /* x */ local \"lock_timeout\" to '1s'",
        "SET LOCAL TIME ZONE 'UTC'",
        "SET LOCAL app.user = 'x'",
        "SET CONSTRAINTS ALL DEFERRED",
        "SET TRANSACTION READ ONLY",
        "DECLARE c CURSOR FOR WITH hold AS (SELECT 1) SELECT * FROM hold",
        "FETCH 1 FROM c",
        "MOVE 1 FROM c",
        "CLOSE c",
        "CREATE TEMP TABLE batch (x int) ON COMMIT DROP",
        "create local temporary table batch on /**/ commit drop as select 1",
        "CREATE INDEX ON batch (x)",
        "DROP TABLE batch"
      })
  void whatAHostDoesEveryDayPasses(String sql) {
    assertThat(ForbiddenSql.in(sql, Turn.PLINTH, false)).isEmpty();
    assertThat(ForbiddenSql.in(sql, Turn.HOST, false)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE orders AS SELECT 1",
        "DO $$ BEGIN PERFORM 1; END $$",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = app, pg_temp AS 'SELECT 1'",
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "ALTER TABLE orders ADD x int"
      })
  void theHostMakesWhatItsLoginMay(String sql) {
    assertThat(ForbiddenSql.in(sql, Turn.HOST, false)).isEmpty();
  }

  @Test
  void aBackslashHidesAQuoteWhereTheServerSaysSo() {
    String sql = "SELECT 'a\\', 1; RESET ROLE; --'";

    assertThat(ForbiddenSql.in(sql, Turn.PLINTH, false)).contains("RESET");
    assertThat(ForbiddenSql.in(sql, Turn.PLINTH, true)).isEmpty();
    assertThat(ForbiddenSql.in("SELECT 'a\\'', 1; RESET ROLE; --'", Turn.HOST, true))
        .contains("RESET");
  }

  @Test
  void aRefusalSaysWhyADoBlockIsOne() {
    assertThat(ForbiddenSql.in("DO $$ BEGIN END $$", Turn.PLINTH, false).orElseThrow())
        .contains("cannot be looked into");
  }
}
