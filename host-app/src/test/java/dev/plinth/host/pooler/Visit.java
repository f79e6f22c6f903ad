package dev.plinth.host.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.tenancy.Scope;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.Tx;
import dev.plinth.projects.ProjectsModule;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.DSLContext;

/**
 * What one member does through the pooler, while others do the same on the same server connection.
 *
 * @param engine a repository of the member's organization
 * @param git what it is synchronised with
 */
record Visit(
    Plinth plinth, ProjectsModule projects, DataSource pool, Member member, UUID engine, Path git) {

  static final String HOST_LOGIN = "plinth_test_host";

  /** Who acts, and for whom: role, organization, user; then a setting that only tenants change. */
  static final String STATE =
      """
      SELECT current_user::text || '|' || coalesce(current_setting('plinth.organization_id', true), '')
             || '|' || coalesce(current_setting('plinth.user_id', true), '') || '|' || current_setting('work_mem')
      """;

  /** One of each kind, beginning anywhere; after each one, the connection is as it was. */
  void makeAll(int first) throws SQLException {
    TransactionKind[] kinds = TransactionKind.values();
    for (int i = 0; i < kinds.length; i++) {
      kinds[(first + i) % kinds.length].make(this);
      try (Connection connection = pool.getConnection()) {
        assertThat(state(connection)).startsWith(HOST_LOGIN + "|||").doesNotEndWith("|3MB");
      }
    }
  }

  Scope<TenantTx> asMember() {
    return plinth.as(member);
  }

  /** The process that serves this member. */
  int backend() {
    return asMember()
        .read(tx -> tx.dsl().fetchSingle("SELECT pg_backend_pid()").get(0, Integer.class));
  }

  void write(DSLContext dsl, String text) {
    dsl.execute(
        "INSERT INTO plinth_base.workspaces (organization_id, slug, name) VALUES (?, ?, ?)",
        member.organizationId(),
        "w-" + UUID.randomUUID(),
        text);
  }

  /** Statements that name no organization see this one, and no other. */
  String assertOwn(Tx tx, String role) {
    String state = tx.dsl().fetchSingle(STATE).get(0, String.class);
    assertThat(state).startsWith(role + "|" + member.organizationId() + "|");
    List<UUID> seen =
        tx.dsl()
            .fetch(
                "SELECT organization_id FROM plinth_projects.repositories"
                    + " UNION SELECT organization_id FROM plinth_base.workspaces"
                    + " UNION SELECT organization_id FROM plinth_projects.projects")
            .getValues(0, UUID.class);
    assertThat(seen).containsExactly(member.organizationId());
    return state;
  }

  static boolean assertReadOnly(Tx tx) {
    String readOnly = tx.dsl().fetchSingle("SHOW transaction_read_only").get(0, String.class);
    assertThat(readOnly).isEqualTo("on");
    return true;
  }

  static String state(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(STATE)) {
      row.next();
      return row.getString(1);
    }
  }
}
