package dev.plinth.testing;

import dev.plinth.base.organization.Member;
import dev.plinth.base.tenancy.TenantTx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.impl.DSL;

/** Statements that name no organization, tried as plinth_app on every table. */
final class PolicyCheck {

  private static final String RULE = "policy";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final Fixture fixture;
  private final TenancyCheck.Cast<?> cast;
  private final Set<String> privateTables;
  private final Set<String> administeredTables;
  private final List<Finding> findings = new ArrayList<>();

  PolicyCheck(
      Fixture fixture,
      TenancyCheck.Cast<?> cast,
      Set<String> privateTables,
      Set<String> administeredTables) {
    this.fixture = fixture;
    this.cast = cast;
    this.privateTables = privateTables;
    this.administeredTables = administeredTables;
  }

  List<Finding> run() {
    UUID acme = cast.alice().organizationId();
    UUID globex = cast.bob().organizationId();
    for (TenantTable table : TenantTable.in(fixture.database().superuser(), fixture.ownSchemas())) {
      String ownRow = row(table, acme);
      String foreignRow = row(table, globex);
      if (!ownRow.isEmpty() && !foreignRow.isEmpty()) {
        anotherOrganization(table, globex, foreignRow);
        readers(table);
        anotherUser(table, acme, ownRow);
        foldsTheTenant(table);
      }
    }
    return findings;
  }

  /** An empty table proves nothing. */
  private String row(TenantTable table, UUID organization) {
    return table
        .anyRow(fixture.database().superuser(), organization)
        .orElseGet(
            () -> {
              found(table, "is empty for one side: fill() has to write a row for every member");
              return "";
            });
  }

  private void anotherOrganization(TenantTable table, UUID globex, String foreignRow) {
    as(
        cast.alice(),
        tx -> {
          String foreign = "organization_id <> '" + tx.organizationId() + "'";
          sees(tx, table, foreign, "");
          reaches(tx, table, "UPDATE", "another organization's", table.update(foreign).orElse(""));
          reaches(tx, table, "DELETE", "another organization's", table.delete(foreign));
          String moved = "UPDATE %s SET organization_id = '%s'".formatted(table.name(), globex);
          reaches(tx, table, "UPDATE to another organization", "own", moved);
          refusesInsert(tx, table, "another organization", foreignRow);
        });
  }

  private void anotherUser(TenantTable table, UUID acme, String ownRow) {
    boolean isPrivate = privateTables.contains(table.name());
    boolean isAdministered = administeredTables.contains(table.name());
    as(
        cast.amy(),
        tx -> {
          int seen = count(tx, table.count("organization_id = '" + acme + "'"));
          if (isPrivate && seen != 0) {
            found(table, "is private, yet another user of the organization sees it");
          }
          if (isAdministered && seen != 0) {
            found(table, "is for who administers the organization, yet a developer sees it");
          }
          if (!isPrivate && !isAdministered && seen == 0) {
            found(
                table,
                "is not seen by another user: privateTables() or administeredTables() has to name"
                    + " it, if so meant");
          }
          if (isPrivate || isAdministered) {
            reaches(tx, table, "UPDATE", "another user's", table.update("true").orElse(""));
            reaches(tx, table, "DELETE", "another user's", table.delete("true"));
            refusesInsert(tx, table, "another user", ownRow);
          }
        });
  }

  /** A policy that is compared row by row costs every scan; one that is folded, nothing. */
  private void foldsTheTenant(TenantTable table) {
    as(
        cast.alice(),
        tx -> {
          String own = "organization_id = '" + tx.organizationId() + "'";
          String plan = tx.dsl().fetch("EXPLAIN " + table.count(own)).formatCSV();
          if (!plan.contains("One-Time Filter")) {
            found(table, "checks the organization for each row and not once for a statement");
          }
        });
  }

  private void reaches(TenantTx tx, TenantTable table, String verb, String whose, String sql) {
    if (sql.isEmpty()) {
      return;
    }
    String outcome = attempt(tx, sql);
    if (!outcome.equals("0") && !outcome.equals(INSUFFICIENT_PRIVILEGE)) {
      found(table, verb + " reaches " + whose + " rows (" + outcome + ")");
    }
  }

  private void refusesInsert(TenantTx tx, TenantTable table, String who, String row) {
    String outcome = attempt(tx, table.insert(), row);
    if (!outcome.equals(INSUFFICIENT_PRIVILEGE)) {
      found(table, "INSERT for " + who + " is not refused by the policy (" + outcome + ")");
    }
  }

  /** How many rows, or the SQLSTATE; undone in either case. */
  private static String attempt(TenantTx tx, String sql, Object... binds) {
    try {
      tx.dsl()
          .transaction(
              nested -> {
                throw new Undone(nested.dsl().execute(sql, binds));
              });
      throw new IllegalStateException("unreachable");
    } catch (Undone e) {
      return Integer.toString(e.rows);
    } catch (RuntimeException e) {
      return e.getCause() instanceof SQLException sqlState
          ? sqlState.getSQLState()
          : e.getClass().getSimpleName();
    }
  }

  private static int count(TenantTx tx, String sql) {
    Record1<Integer> row = tx.dsl().resultQuery(sql).coerce(INT).fetchSingle();
    return row.value1();
  }

  private static final Field<Integer> INT = DSL.field("count", Integer.class);

  private void readers(TenantTable table) {
    fixture
        .plinth()
        .as(cast.alice())
        .read(
            tx -> {
              sees(tx, table, "organization_id <> '" + tx.organizationId() + "'", " by a reader");
              return true;
            });
  }

  private void sees(TenantTx tx, TenantTable table, String foreign, String who) {
    if (count(tx, table.count(foreign)) != 0) {
      found(table, "another organization's rows are seen" + who);
    }
    if (count(tx, table.count("true")) == 0) {
      found(table, "the own rows are not seen" + who);
    }
  }

  private interface Trial {
    void with(TenantTx tx);
  }

  private void as(Member member, Trial trial) {
    fixture.plinth().as(member).run(trial::with);
  }

  private void found(TenantTable table, String detail) {
    findings.add(new Finding(RULE, table.name(), detail));
  }

  /** Carries the outcome out of a nested transaction, and so rolls it back. */
  private static final class Undone extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int rows;

    Undone(int rows) {
      super(null, null, false, false);
      this.rows = rows;
    }
  }
}
