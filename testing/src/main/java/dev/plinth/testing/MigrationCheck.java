package dev.plinth.testing;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.MissingModuleException;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.module.ModuleDescriptor;
import dev.plinth.base.module.PlinthModule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Migrates databases of its own, in the ways in which hosts do; see {@link MigrationContract}. */
public final class MigrationCheck {

  private static final String RULE = "migration";

  /** Everything in Plinth's schemas that a user could see the difference of. */
  private static final String SHAPE =
      """
      SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') FROM (
        SELECT n.nspname || '.' || c.relname || ' ' || c.relkind::text AS line
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'plinth\\_%'
        UNION ALL
        SELECT n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname LIKE 'plinth\\_%'
        UNION ALL
        SELECT n.nspname || ' type ' || t.typname
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname LIKE 'plinth\\_%' AND t.typtype = 'd'
        UNION ALL
        SELECT c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
          FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
          WHERE n.nspname LIKE 'plinth\\_%' AND c.conrelid <> 0
        UNION ALL
        SELECT 'schema ' || n.nspname FROM pg_namespace n WHERE n.nspname LIKE 'plinth\\_%') AS lines
      """;

  private final List<? extends PlinthModule> modules;

  MigrationCheck(List<? extends PlinthModule> modules) {
    this.modules = modules;
  }

  /** Goes up, down to nothing, and up again, and compares. */
  public List<Finding> upDownUp() {
    List<Finding> findings = new ArrayList<>();
    try (TestDatabase database = TestServer.shared().empty()) {
      Plinth plinth = on(database, modules);
      plinth.migrate();
      String first = shape(database.superuser());
      List<String> order =
          new ArrayList<>(plinth.modules().stream().map(ModuleDescriptor::name).toList());
      order.addAll(links(plinth));
      Collections.reverse(order);
      order.forEach(name -> down(plinth, name, findings));
      String nothing = shape(database.superuser());
      if (!nothing.isEmpty()) {
        findings.add(new Finding(RULE, "down", "leaves behind: " + nothing));
        return findings;
      }
      plinth.migrate();
      plinth.validate();
      if (!shape(database.superuser()).equals(first)) {
        findings.add(new Finding(RULE, "up again", "does not make what it made before"));
      }
    }
    return findings;
  }

  private static void down(Plinth plinth, String name, List<Finding> findings) {
    try {
      plinth.rollback(name, 0);
    } catch (PlinthException e) {
      findings.add(new Finding(RULE, name, "does not go down: " + e.getMessage()));
    }
  }

  /** Tries to take back what links refer to. */
  public List<Finding> linksHold() {
    List<Finding> findings = new ArrayList<>();
    try (TestDatabase database = TestServer.shared().migrated(modules)) {
      Plinth plinth = on(database, modules);
      String before = shape(database.superuser());
      for (String link : links(plinth)) {
        try {
          plinth.rollback(link.substring(link.indexOf('+') + 1), 0);
          findings.add(new Finding(RULE, link, "does not hold what it refers to"));
        } catch (ConflictException e) {
          if (!shape(database.superuser()).equals(before)) {
            findings.add(new Finding(RULE, link, "holds, but something was taken back"));
          }
        }
      }
    }
    return findings;
  }

  /** Runs what is printed for a DBA, and compares with what migrate() makes. */
  public List<Finding> printed() {
    List<Finding> findings = new ArrayList<>();
    try (TestDatabase database = TestServer.shared().empty();
        TestDatabase other = TestServer.shared().migrated(modules)) {
      Plinth plinth = on(database, modules);
      execute(database.owner(), plinth.printMigrations());
      plinth.validate();
      if (!shape(database.superuser()).equals(shape(other.superuser()))) {
        findings.add(new Finding(RULE, "print", "does not make what migrate() makes"));
      }
    } catch (SQLException | PlinthException e) {
      findings.add(new Finding(RULE, "print", "what a DBA is given fails: " + e.getMessage()));
    }
    return findings;
  }

  /** Reads the migrations for statements that FORCE hides rows from. */
  public List<Finding> blind() {
    try (TestDatabase database = TestServer.shared().empty()) {
      return MigrationText.of(on(database, modules).printMigrations()).stream()
          .filter(MigrationText::isBlind)
          .map(text -> new Finding(RULE, text.name(), MigrationText.DEMAND))
          .toList();
    }
  }

  private static List<String> links(Plinth plinth) {
    Set<String> names =
        plinth.modules().stream().map(ModuleDescriptor::name).collect(Collectors.toSet());
    return plinth.modules().stream()
        .flatMap(
            module ->
                module.links().stream()
                    .filter(names::contains)
                    .map(target -> module.name() + "+" + target))
        .toList();
  }

  /** Migrates one empty database from many threads at once. */
  public List<Finding> manyAtOnce(int hosts) {
    List<Finding> findings = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(hosts);
    try (TestDatabase database = TestServer.shared().empty()) {
      List<Future<?>> starts = new ArrayList<>();
      for (int i = 0; i < hosts; i++) {
        starts.add(threads.submit(() -> on(database, modules).migrate()));
      }
      for (Future<?> start : starts) {
        waitFor(start, findings);
      }
      on(database, modules).validate();
    } finally {
      threads.shutdownNow();
    }
    return findings;
  }

  /** Migrates every subset that has what it depends on, and enters it. */
  public List<Finding> everySubset() {
    List<Finding> findings = new ArrayList<>();
    for (int mask = 0; mask < 1 << modules.size(); mask++) {
      List<PlinthModule> subset = new ArrayList<>();
      for (int i = 0; i < modules.size(); i++) {
        if ((mask & 1 << i) != 0) {
          subset.add(modules.get(i));
        }
      }
      migrate(subset, findings);
    }
    return findings;
  }

  private static void migrate(List<PlinthModule> subset, List<Finding> findings) {
    try (TestDatabase database = TestServer.shared().empty()) {
      Plinth plinth = on(database, subset);
      plinth.migrate();
      plinth.validate();
      plinth.asSystem("check").run(tx -> {});
    } catch (MissingModuleException e) {
      // not complete: nothing to prove
    } catch (RuntimeException e) {
      String names = subset.stream().map(PlinthModule::name).toList().toString();
      findings.add(new Finding(RULE, names, "does not migrate alone: " + e));
    }
  }

  private static void waitFor(Future<?> start, List<Finding> findings) {
    try {
      start.get();
    } catch (ExecutionException e) {
      findings.add(new Finding(RULE, "many at once", String.valueOf(e.getCause())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Plinth on(TestDatabase database, List<? extends PlinthModule> modules) {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .modules(modules.toArray(PlinthModule[]::new))
        .build();
  }

  private static void execute(DataSource login, String sql) throws SQLException {
    try (Connection connection = login.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String shape(DataSource database) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SHAPE)) {
      row.next();
      return row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException("The catalog cannot be read", e);
    }
  }
}
