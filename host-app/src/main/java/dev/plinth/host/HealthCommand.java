package dev.plinth.host;

import dev.plinth.base.monitoring.Alert;
import dev.plinth.base.monitoring.AppliedMigration;
import dev.plinth.base.monitoring.Health;
import dev.plinth.base.monitoring.IntegrityCheck;
import dev.plinth.base.monitoring.Monitoring;
import dev.plinth.base.monitoring.QualityMetric;
import dev.plinth.base.tenancy.SystemTx;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code plinth health}. */
@Command(
    name = "health",
    description = {
      "Prints how the database and the modules in it are.",
      "Ends with 2 if something needs somebody now, else with 0."
    },
    mixinStandardHelpOptions = true)
final class HealthCommand extends DatabaseCommand {

  private static final int ALERTED = 2;

  @Override
  int work(Hosted hosted, PrintWriter out) {
    Monitoring monitoring = hosted.plinth().monitoring();
    List<Alert> alerts =
        hosted.plinth().asSystem("health command").read(tx -> print(tx, monitoring, out));
    return alerts.isEmpty() ? 0 : ALERTED;
  }

  private static List<Alert> print(SystemTx tx, Monitoring monitoring, PrintWriter out) {
    migrations(monitoring.migrations(tx)).print(out);
    health(monitoring.health(tx)).print(out);
    integrity(monitoring.integrity(tx)).print(out);
    quality(monitoring.quality(tx)).print(out);
    List<Alert> alerts = monitoring.alerts(tx);
    alerts(alerts).print(out);
    return alerts;
  }

  /** Of each module and link how far it has come. */
  private static Table migrations(List<AppliedMigration> applied) {
    Table table = new Table("schema_migrations", "module", "migrations", "last");
    Map<String, List<AppliedMigration>> modules =
        applied.stream()
            .collect(
                Collectors.groupingBy(HealthCommand::track, TreeMap::new, Collectors.toList()));
    modules.forEach(
        (name, all) ->
            table.row(name, all.size(), all.get(0).version() + " " + all.get(0).description()));
    return table;
  }

  private static String track(AppliedMigration migration) {
    return migration.linkedTo().map(to -> migration.module() + "+" + to).orElse(migration.module());
  }

  private static Table health(List<Health> all) {
    Table table =
        new Table("system_health", "module", "component", "status", "value", "", "detail");
    all.forEach(
        health ->
            table.row(
                health.module(),
                health.component(),
                Report.lower(health.status()),
                health.value().map(BigDecimal::toPlainString).orElse("-"),
                health.unit(),
                health.detail()));
    return table;
  }

  private static Table integrity(List<IntegrityCheck> all) {
    Table table =
        new Table("data_integrity_checks", "module", "check", "status", "found", "detail");
    all.forEach(
        check ->
            table.row(
                check.module(),
                check.check(),
                Report.lower(check.status()),
                check.issueCount().isPresent() ? check.issueCount().getAsLong() : "-",
                check.detail()));
    return table;
  }

  private static Table quality(List<QualityMetric> all) {
    Table table =
        new Table("data_quality_metrics", "module", "table", "metric", "rows", "issues", "percent");
    all.forEach(
        metric ->
            table.row(
                metric.module(),
                metric.table(),
                metric.metric(),
                metric.rowsChecked(),
                metric.issueCount(),
                metric.percent().map(BigDecimal::toPlainString).orElse("-")));
    return table;
  }

  private static Table alerts(List<Alert> all) {
    Table table =
        new Table("critical_alerts", "module", "alert", "severity", "detail", "statement");
    all.forEach(
        alert ->
            table.row(
                alert.module(),
                alert.alert(),
                Report.lower(alert.severity()),
                alert.detail(),
                alert.statement().orElse("-")));
    return table;
  }
}
