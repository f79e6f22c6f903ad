package dev.plinth.testing;

import dev.plinth.base.error.PlinthException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.Page;
import dev.plinth.base.tenancy.TenantTx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A module's own calls, tried with the policies in force and as a role that bypasses them. */
final class PredicateCheck<F> {

  private static final String RULE = "predicate";

  /** How often each table was read or written, partitions by the name of their parent. */
  private static final String TOUCHED =
      """
      SELECT n.nspname || '.' || c.relname,
             sum(coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0) + s.n_tup_ins)::bigint
      FROM pg_stat_xact_user_tables s
      JOIN pg_class c ON c.oid = coalesce(pg_partition_root(s.relid), s.relid)
      JOIN pg_namespace n ON n.oid = c.relnamespace
      GROUP BY 1
      """;

  private final Fixture fixture;
  private final TenancyCheck.Cast<F> cast;
  private final Probes<F> probes;
  private final List<TenantTable> tables;
  private final Set<String> touched = new HashSet<>();
  private final List<Finding> findings = new ArrayList<>();

  PredicateCheck(Fixture fixture, TenancyCheck.Cast<F> cast, Probes<F> probes) {
    this.fixture = fixture;
    this.cast = cast;
    this.probes = probes;
    this.tables = TenantTable.in(fixture.database().superuser(), fixture.ownSchemas());
  }

  List<Finding> run() {
    return TestServer.shared().alone(this::compareAll);
  }

  private List<Finding> compareAll() {
    for (Probes.Named<F> probe : probes.all()) {
      compare(probe, probe.kind(), cast.alice());
      switch (probe.kind()) {
        case READ -> compare(probe, Probes.Kind.READ, cast.amy());
        case ADMINISTRATION -> compare(probe, Probes.Kind.REFUSAL, cast.amy());
        default -> {}
      }
    }
    for (TenantTable table : tables) {
      if (!touched.contains(table.name())) {
        findings.add(new Finding(RULE, table.name(), "no probe reads or writes it"));
      }
    }
    return findings;
  }

  private void compare(Probes.Named<F> probe, Probes.Kind kind, Member member) {
    bypass(false);
    Outcome with = outcome(probe, member);
    bypass(true);
    Outcome without = outcome(probe, member);
    switch (kind) {
      case READ, ADMINISTRATION -> {
        if (with.failure() != null || !Objects.equals(with.result(), without.result())) {
          found(probe, "reads " + without + " without the policies, with them " + with);
        }
        if (member.equals(cast.alice()) && isNothing(with.result())) {
          found(probe, "reads nothing, and so proves nothing");
        }
      }
      case WRITE -> {
        if (with.failure() != null || without.failure() != null) {
          found(probe, "fails: " + with + "; without the policies " + without);
        }
      }
      case REFUSAL -> {
        if (!(with.failure() instanceof PlinthException)
            || !(without.failure() instanceof PlinthException)) {
          found(probe, "is not refused: " + with + "; without the policies " + without);
        }
      }
    }
    if (!with.foreign().equals(without.foreign())) {
      found(probe, "changes rows of another organization without the policies");
    }
  }

  private record Outcome(@Nullable Object result, @Nullable Throwable failure, String foreign) {
    @Override
    public String toString() {
      return failure == null ? String.valueOf(result) : failure.toString();
    }
  }

  /** What the call did, all of it undone afterwards. */
  private Outcome outcome(Probes.Named<F> probe, Member member) {
    Outcome[] outcome = new Outcome[1];
    try {
      fixture
          .plinth()
          .as(member)
          .run(
              tx -> {
                outcome[0] = called(tx, probe);
                throw new Undo();
              });
    } catch (Undo e) {
      return outcome[0];
    }
    throw new IllegalStateException("unreachable");
  }

  private Outcome called(TenantTx tx, Probes.Named<F> probe) {
    Object result = null;
    Throwable failure = null;
    try {
      result = tx.dsl().transactionResult(nested -> run(tx, probe));
    } catch (RuntimeException e) {
      failure = e;
    }
    return new Outcome(result, failure, foreign(tx));
  }

  private @Nullable Object run(TenantTx tx, Probes.Named<F> probe) {
    Map<String, Long> before = touches(tx);
    Object result = probe.probe().run(tx, cast.own(), cast.other());
    touches(tx)
        .forEach(
            (table, count) -> {
              if (count > before.getOrDefault(table, 0L)) {
                touched.add(table);
              }
            });
    return result;
  }

  /** What earlier transactions on the connection did may still be counted: only more is new. */
  private static Map<String, Long> touches(TenantTx tx) {
    return tx.dsl()
        .resultQuery(TOUCHED)
        .fetchMap(record -> record.get(0, String.class), record -> record.get(1, Long.class));
  }

  private static boolean isNothing(@Nullable Object result) {
    return result == null
        || result.equals(Optional.empty())
        || (result instanceof Collection<?> rows && rows.isEmpty())
        || (result instanceof Page<?> page && page.items().isEmpty());
  }

  /** The other organization's rows at this point of the transaction, whatever the policies say. */
  private String foreign(TenantTx tx) {
    UUID other = cast.bob().organizationId();
    return tx.asHost(
        host ->
            tables.stream()
                .map(table -> host.fetchSingle(table.checksum(other)).get(0, String.class))
                .collect(Collectors.joining(" ")));
  }

  private void bypass(boolean on) {
    String how = on ? "BYPASSRLS" : "NOBYPASSRLS";
    try (Connection connection = fixture.database().superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (String kind : List.of("app", "reader")) {
        statement.execute("ALTER ROLE " + Fixture.BYPASSING + "_" + kind + " " + how);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The policies cannot be bypassed", e);
    }
  }

  private void found(Probes.Named<F> probe, String detail) {
    findings.add(new Finding(RULE, probe.name(), detail));
  }

  private static final class Undo extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Undo() {
      super(null, null, false, false);
    }
  }
}
