package dev.plinth.base.monitoring;

import dev.plinth.base.sql.ClosedSetConverter;
import dev.plinth.base.sql.RankConverter;
import dev.plinth.base.sql.Severity;
import dev.plinth.base.tenancy.SystemTx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/**
 * The SQL of monitoring. The views are composed in each database anew, so there is no generated
 * code for them.
 */
final class MonitoringQueries {

  private static final Field<String> MODULE = text("module");
  private static final Field<String> COMPONENT = text("component");
  private static final Field<HealthStatus> HEALTH =
      DSL.field(
          DSL.name("status"),
          SQLDataType.CLOB.asConvertedDataType(new ClosedSetConverter<>(HealthStatus.class)));
  private static final Field<BigDecimal> VALUE = DSL.field(DSL.name("value"), SQLDataType.NUMERIC);
  private static final Field<String> UNIT = text("unit");
  private static final Field<String> DETAIL = text("detail");
  private static final Field<String> STATEMENT = text("statement");

  private static final Field<String> TABLE_NAME = text("table_name");
  private static final Field<String> METRIC = text("metric");
  private static final Field<Long> ROWS_CHECKED = number("rows_checked");
  private static final Field<Long> ISSUE_COUNT = number("issue_count");
  private static final Field<BigDecimal> QUALITY =
      DSL.field(DSL.name("quality_percent"), SQLDataType.NUMERIC);

  private static final Field<String> CHECK_NAME = text("check_name");
  private static final Field<CheckStatus> CHECK =
      DSL.field(
          DSL.name("status"),
          SQLDataType.CLOB.asConvertedDataType(new ClosedSetConverter<>(CheckStatus.class)));
  private static final Field<Severity> SEVERITY =
      DSL.field(
          DSL.name("severity"),
          SQLDataType.SMALLINT.asConvertedDataType(new RankConverter<>(Severity.class)));
  private static final Field<String> ALERT = text("alert");

  private static final Field<String> LINKED_TO = text("linked_to");
  private static final Field<String> VERSION = text("version");
  private static final Field<String> DESCRIPTION = text("description");
  private static final Field<Instant> APPLIED_AT =
      DSL.field(DSL.name("applied_at"), SQLDataType.INSTANT);
  private static final Field<String> APPLIED_BY = text("applied_by");
  private static final Field<Long> EXECUTION_MS = number("execution_ms");
  private static final Field<Boolean> SUCCESS = DSL.field(DSL.name("success"), SQLDataType.BOOLEAN);

  List<Health> health(SystemTx tx) {
    return tx.dsl()
        .select(MODULE, COMPONENT, HEALTH, VALUE, UNIT, DETAIL, STATEMENT)
        .from(view("system_health"))
        .orderBy(MODULE, COMPONENT)
        .fetch(MonitoringQueries::health);
  }

  List<QualityMetric> quality(SystemTx tx) {
    return tx.dsl()
        .select(MODULE, TABLE_NAME, METRIC, ROWS_CHECKED, ISSUE_COUNT, QUALITY, DETAIL)
        .from(view("data_quality_metrics"))
        .orderBy(MODULE, TABLE_NAME, METRIC)
        .fetch(MonitoringQueries::metric);
  }

  List<IntegrityCheck> integrity(SystemTx tx) {
    return tx.dsl()
        .select(MODULE, CHECK_NAME, SEVERITY, CHECK, ISSUE_COUNT, DETAIL, STATEMENT)
        .from(view("data_integrity_checks"))
        .orderBy(MODULE, CHECK_NAME)
        .fetch(MonitoringQueries::check);
  }

  List<Alert> alerts(SystemTx tx) {
    return tx.dsl()
        .select(MODULE, ALERT, SEVERITY, DETAIL, STATEMENT)
        .from(view("critical_alerts"))
        .orderBy(SEVERITY.desc(), MODULE, ALERT)
        .fetch(MonitoringQueries::alert);
  }

  List<AppliedMigration> migrations(SystemTx tx) {
    return tx.dsl()
        .select(
            MODULE, LINKED_TO, VERSION, DESCRIPTION, APPLIED_AT, APPLIED_BY, EXECUTION_MS, SUCCESS)
        .from(view("schema_migrations"))
        .orderBy(APPLIED_AT.desc(), MODULE, VERSION.desc())
        .fetch(MonitoringQueries::migration);
  }

  private static Health health(Record row) {
    return new Health(
        row.get(MODULE),
        row.get(COMPONENT),
        row.get(HEALTH),
        row.get(VALUE),
        row.get(UNIT),
        row.get(DETAIL),
        row.get(STATEMENT));
  }

  private static QualityMetric metric(Record row) {
    return new QualityMetric(
        row.get(MODULE),
        row.get(TABLE_NAME),
        row.get(METRIC),
        row.get(ROWS_CHECKED),
        row.get(ISSUE_COUNT),
        row.get(QUALITY),
        row.get(DETAIL));
  }

  private static IntegrityCheck check(Record row) {
    return new IntegrityCheck(
        row.get(MODULE),
        row.get(CHECK_NAME),
        row.get(SEVERITY),
        row.get(CHECK),
        row.get(ISSUE_COUNT),
        row.get(DETAIL),
        row.get(STATEMENT));
  }

  private static Alert alert(Record row) {
    return new Alert(
        row.get(MODULE), row.get(ALERT), row.get(SEVERITY), row.get(DETAIL), row.get(STATEMENT));
  }

  private static AppliedMigration migration(Record row) {
    return new AppliedMigration(
        row.get(MODULE),
        row.get(LINKED_TO),
        row.get(VERSION),
        row.get(DESCRIPTION),
        row.get(APPLIED_AT),
        row.get(APPLIED_BY),
        Duration.ofMillis(row.get(EXECUTION_MS)),
        row.get(SUCCESS));
  }

  private static Name view(String name) {
    return DSL.name("plinth_base", name);
  }

  private static Field<String> text(String name) {
    return DSL.field(DSL.name(name), SQLDataType.CLOB);
  }

  private static Field<Long> number(String name) {
    return DSL.field(DSL.name(name), SQLDataType.BIGINT);
  }
}
