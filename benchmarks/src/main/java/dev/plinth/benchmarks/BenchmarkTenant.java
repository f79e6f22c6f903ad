package dev.plinth.benchmarks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** An organization with its owner, and how JDBC alone works for them. */
record BenchmarkTenant(UUID organization, UUID user) {

  private static final String SETTINGS =
      "set_config('plinth.organization_id', ?, true), set_config('plinth.user_id', ?, true),"
          + " set_config('role', 'plinth_app', true)";

  /** Makes organization and owner. */
  static BenchmarkTenant in(Plinth plinth) {
    return plinth
        .asSystem("benchmark")
        .call(
            tx -> {
              User alice = plinth.users().create(tx, NewUser.named("Alice"));
              NewOrganization acme = NewOrganization.of("acme", "Acme").ownedBy(alice.id());
              return new BenchmarkTenant(plinth.organizations().create(tx, acme).id(), alice.id());
            });
  }

  /** By hand and without a check: settings and role, for the transaction that is open. */
  void enter(Connection connection) throws SQLException {
    enter(connection, "SELECT " + SETTINGS);
  }

  /** As {@link #enter}, with the member's role, without which nothing is written. */
  void enterToWrite(Connection connection) throws SQLException {
    enter(connection, "SELECT set_config('plinth.user_role', 'owner', true), " + SETTINGS);
  }

  private void enter(Connection connection, String sql) throws SQLException {
    try (PreparedStatement settings = connection.prepareStatement(sql)) {
      settings.setString(1, organization.toString());
      settings.setString(2, user.toString());
      settings.execute();
    }
  }
}
