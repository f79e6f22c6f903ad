package dev.plinth.base.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.testing.SettableClock;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No policy binds an owner who is a superuser: PostgreSQL checks what it hides from others. */
class SuperusersPartitionsTest {

  @Test
  void rowsMoveAndPartitionsGoAlsoWhereTheOwnerIsASuperuser() {
    try (TestDatabase database = TestServer.shared().empty()) {
      SettableClock clock = new SettableClock();
      Plinth plinth =
          Plinth.builder()
              .dataSource(database.host())
              .migrationDataSource(database.superuser())
              .clock(clock)
              .build();
      plinth.migrate();
      Machines machines = Machines.make(database, database.superuser());
      Instant later = clock.instant().plus(Duration.ofDays(20));
      write(plinth, machines, later);
      clock.advance(Duration.ofDays(20));

      List<PartitionChange> made =
          plinth.asSystem("test").call(tx -> plinth.partitions().ensure(tx));
      clock.advance(Duration.ofDays(40));
      List<PartitionChange> dropped = Machines.dropExpired(plinth);

      assertThat(made).extracting(PartitionChange::outcome).containsOnly(PartitionOutcome.MADE);
      assertThat(made).extracting(PartitionChange::rows).contains(1L);
      assertThat(dropped)
          .extracting(PartitionChange::outcome)
          .containsOnly(PartitionOutcome.DROPPED);
      assertThat(dropped).extracting(PartitionChange::rows).contains(2L);
      assertThat(machines.count("plinth_machines.machines WHERE last_run_id IS NULL")).isEqualTo(1);
    }
  }

  private static void write(Plinth plinth, Machines machines, Instant at) {
    User owner =
        plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named("Alice")));
    NewOrganization details = NewOrganization.of("acme", "Acme").ownedBy(owner.id());
    Organization acme =
        plinth.asSystem("test").call(tx -> plinth.organizations().create(tx, details));
    plinth.as(acme.id(), owner.id()).run(tx -> machines.run(tx, owner.id(), at));
  }
}
