package dev.plinth.base.tenancy;

import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConcurrentUpdateException;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.OrganizationNotActiveException;
import dev.plinth.base.error.ReplicaLagException;
import dev.plinth.base.error.TransactionMisuseException;
import dev.plinth.base.organization.NewMember;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.base.user.NewUser;
import dev.plinth.embedded.EmbeddedServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;

/** A real streaming replica: what it lets read, what it refuses, and what it says when it lags. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadReplicaTest {

  private static final String DATABASE = "app";
  private static final String HOST = "app_host";

  private final StreamingReplica servers = new StreamingReplica();
  private final Plinth plinth = on(servers.primary(DATABASE, HOST));
  private UUID alice = new UUID(0, 0);
  private UUID acme = new UUID(0, 0);

  ReadReplicaTest() throws SQLException {}

  private Plinth on(DataSource primary) {
    return Plinth.builder()
        .dataSource(primary)
        .migrationDataSource(servers.primary(DATABASE, "app_owner"))
        .hostLogin(HOST)
        .readReplica(servers.replica(DATABASE, HOST))
        .build();
  }

  @BeforeAll
  void migrate() throws SQLException {
    servers.execute("CREATE ROLE app_owner LOGIN NOINHERIT CREATEROLE");
    servers.execute("CREATE ROLE app_host LOGIN NOINHERIT");
    servers.execute("CREATE DATABASE app OWNER app_owner");
    plinth.migrate();
    alice = user("Alice");
    acme = organization("acme", alice).id();
    servers.catchUp();
  }

  @AfterEach
  void goOn() throws SQLException {
    servers.resume();
    servers.catchUp();
  }

  @AfterAll
  void stop() throws SQLException {
    servers.close();
  }

  @Test
  void itIsTheReplicaThatIsRead() {
    List<UUID> seen =
        plinth
            .as(acme, alice)
            .readReplica(
                tx -> {
                  assertThat(isStandby(tx)).isTrue();
                  assertThat(tx.role()).isEqualTo(MemberRole.OWNER);
                  return tx.dsl()
                      .select(ORGANIZATIONS.ID)
                      .from(ORGANIZATIONS)
                      .fetch(ORGANIZATIONS.ID);
                });
    Boolean system = plinth.asSystem("test").readReplica(ReadReplicaTest::isStandby);
    Boolean primary = plinth.as(acme, alice).read(ReadReplicaTest::isStandby);

    assertThat(seen).containsExactly(acme);
    assertThat(system).isTrue();
    assertThat(primary).isFalse();
  }

  @Test
  void aWriteIsRefused() {
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(acme, alice)
                    .readReplica(
                        tx ->
                            tx.dsl().update(ORGANIZATIONS).set(ORGANIZATIONS.NAME, "x").execute()));
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("test")
                    .readReplica(tx -> plinth.users().create(tx, NewUser.named("Eve"))));
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(acme, alice)
                    .readReplica(
                        tx -> tx.asHost(host -> host.execute("CREATE TABLE public.x (y int)"))));
  }

  @Test
  void aMemberAddedAMomentAgoIsToldThatTheReplicaLags() throws SQLException {
    UUID bob = user("Bob");
    servers.catchUp();
    servers.pause();
    NewMember member = NewMember.of(bob, MemberRole.DEVELOPER, "Bob");
    plinth.as(acme, alice).run(tx -> plinth.members().add(tx, member));

    assertThatExceptionOfType(ReplicaLagException.class)
        .isThrownBy(() -> plinth.as(acme, bob).readReplica(tx -> 1))
        .satisfies(
            e -> assertThat(e.lag()).hasValueSatisfying(lag -> assertThat(lag).isPositive()));

    servers.resume();
    servers.catchUp();
    Boolean standby = plinth.as(acme, bob).readReplica(ReadReplicaTest::isStandby);
    assertThat(standby).isTrue();
  }

  @Test
  void soIsAMemberOfANewOrganizationAndOfOneThatWasSuspended() throws SQLException {
    Organization globex = organization("globex", alice);
    Organization suspended = status(globex, OrganizationStatus.SUSPENDED);
    servers.catchUp();
    servers.pause();
    Organization initech = organization("initech", alice);

    assertThatExceptionOfType(OrganizationNotActiveException.class)
        .isThrownBy(() -> plinth.as(globex.id(), alice).readReplica(tx -> 1));
    status(suspended, OrganizationStatus.ACTIVE);
    assertThatExceptionOfType(ReplicaLagException.class)
        .isThrownBy(() -> plinth.as(globex.id(), alice).readReplica(tx -> 1));
    assertThatExceptionOfType(ReplicaLagException.class)
        .isThrownBy(() -> plinth.asService(initech.id(), "indexer").readReplica(tx -> 1));
  }

  @Test
  void aStrangerOnBothIsRefusedAsEver() throws SQLException {
    UUID eve = user("Eve");
    servers.catchUp();

    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> plinth.as(acme, eve).readReplica(tx -> 1));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> plinth.as(UUID.randomUUID(), alice).readReplica(tx -> 1));
  }

  @Test
  void aConflictOnTheReplicaIsNotCalledLag() throws SQLException {
    PGSimpleDataSource impatient = servers.replica(DATABASE, HOST);
    impatient.setOptions("-c lock_timeout=100");
    Plinth plinth =
        Plinth.builder().dataSource(servers.primary(DATABASE, HOST)).readReplica(impatient).build();
    try (Connection owner = servers.primary(DATABASE, "app_owner").getConnection();
        Statement lock = owner.createStatement()) {
      owner.setAutoCommit(false);
      lock.execute("LOCK TABLE plinth_base.organization_members IN ACCESS EXCLUSIVE MODE");
      asSuperuser("SELECT pg_switch_wal()"); // or the lock stays in a buffer of the primary
      servers.catchUp();
      servers.pause();
    }

    assertThatExceptionOfType(ConcurrentUpdateException.class)
        .isThrownBy(() -> plinth.as(acme, alice).readReplica(tx -> 1));
  }

  @Test
  void aLagThatCannotBeMeasuredIsLagAllTheSame() throws SQLException {
    String measure = " EXECUTE ON FUNCTION pg_catalog.pg_last_xact_replay_timestamp() ";
    asSuperuser("REVOKE" + measure + "FROM PUBLIC");
    try {
      UUID dave = user("Dave");
      servers.catchUp();
      servers.pause();
      NewMember member = NewMember.of(dave, MemberRole.DEVELOPER, "Dave");
      plinth.as(acme, alice).run(tx -> plinth.members().add(tx, member));

      assertThatExceptionOfType(ReplicaLagException.class)
          .isThrownBy(() -> plinth.as(acme, dave).readReplica(tx -> 1))
          .satisfies(e -> assertThat(e.lag()).isEmpty());
    } finally {
      asSuperuser("GRANT" + measure + "TO PUBLIC");
    }
  }

  @Test
  void whoTheReplicaRefusesWhileThePrimaryIsAwayIsRefused() throws SQLException {
    UUID eve = user("Eve");
    servers.catchUp();
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
    Plinth alone = on(nowhere);

    Boolean standby = alone.as(acme, alice).readReplica(ReadReplicaTest::isStandby);
    assertThat(standby).isTrue();
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(() -> alone.as(acme, eve).readReplica(tx -> 1));
    assertThatExceptionOfType(DatabaseUnavailableException.class)
        .isThrownBy(() -> alone.as(acme, alice).read(tx -> 1));
  }

  @Test
  void aReplicaThatIsAwayIsNotReplacedByThePrimary() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
    DataSource primary = servers.primary(DATABASE, HOST);

    assertThatExceptionOfType(DatabaseUnavailableException.class)
        .isThrownBy(
            () ->
                Plinth.builder()
                    .dataSource(primary)
                    .readReplica(nowhere)
                    .build()
                    .as(acme, alice)
                    .readReplica(tx -> 1));
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () -> Plinth.builder().dataSource(primary).build().as(acme, alice).readReplica(tx -> 1))
        .withMessageContaining("readReplica");
  }

  @Test
  void aTransactionInsideIsRefused() {
    assertThatExceptionOfType(TransactionMisuseException.class)
        .isThrownBy(
            () ->
                plinth
                    .as(acme, alice)
                    .readReplica(
                        tx -> plinth.as(acme, alice).<Integer, RuntimeException>call(in -> 1)));
  }

  private void asSuperuser(String sql) throws SQLException {
    try (Connection connection =
            servers.primary(DATABASE, EmbeddedServer.SUPERUSER).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean isStandby(Tx tx) {
    return tx.dsl().fetchSingle("SELECT pg_is_in_recovery()").get(0, Boolean.class);
  }

  private UUID user(String name) {
    return plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named(name))).id();
  }

  private Organization organization(String slug, UUID owner) {
    NewOrganization organization = NewOrganization.of(slug, slug).ownedBy(owner);
    return plinth.asSystem("test").call(tx -> plinth.organizations().create(tx, organization));
  }

  private Organization status(Organization organization, OrganizationStatus status) {
    return plinth
        .asSystem("test")
        .call(
            tx ->
                plinth
                    .organizations()
                    .setStatus(tx, organization.id(), organization.version(), status));
  }
}
