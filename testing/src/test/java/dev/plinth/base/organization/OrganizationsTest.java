package dev.plinth.base.organization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.base.user.Users;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@PlinthTest
class OrganizationsTest {

  @Test
  void aSlugIsTakenOnce(
      Plinth plinth, Organizations organizations, Organization acme, Member alice) {
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("test")
                    .call(
                        tx ->
                            organizations.create(
                                tx,
                                NewOrganization.of(acme.slug(), "Again").ownedBy(alice.userId()))))
        .satisfies(e -> assertThat(e.table()).isEqualTo("organizations"))
        .satisfies(e -> assertThat(e.what()).isEqualTo("slug"));
  }

  @Test
  void anOwnerWhoDoesNotExistLeavesNoOrganizationBehind(
      Plinth plinth, Organizations organizations) {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("test")
                    .call(
                        tx ->
                            organizations.create(
                                tx, NewOrganization.of("orphan", "O").ownedBy(UUID.randomUUID()))));

    boolean there =
        plinth.asSystem("test").read(tx -> organizations.findBySlug(tx, "orphan").isPresent());
    assertThat(there).isFalse();
  }

  @Test
  void anOrganizationWithoutOwnerIsRefused(Plinth plinth, Organizations organizations) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("test")
                    .call(tx -> organizations.create(tx, NewOrganization.of("orphan", "O"))));
  }

  @Test
  void anOwnerRenamesAndADeveloperDoesNot(
      Plinth plinth, Organizations organizations, Organization acme, Member alice, Member bob) {
    Organization renamed =
        plinth.as(alice).call(tx -> organizations.rename(tx, acme.version(), "Acme 2"));
    Organization seen = plinth.as(bob).read(organizations::current);

    assertThat(renamed.name()).isEqualTo("Acme 2");
    assertThat(seen).isEqualTo(renamed);
    assertThatExceptionOfType(AccessDeniedException.class)
        .isThrownBy(
            () -> plinth.as(bob).call(tx -> organizations.rename(tx, renamed.version(), "No")));
    assertThatExceptionOfType(StaleVersionException.class)
        .isThrownBy(
            () -> plinth.as(alice).call(tx -> organizations.rename(tx, acme.version(), "No")));
  }

  @Test
  void aSuspendedOrganizationCanBeWokenAgain(
      Plinth plinth, Organizations organizations, Organization acme, Member alice) {
    Organization suspended =
        plinth
            .asSystem("test")
            .call(
                tx ->
                    organizations.setStatus(
                        tx, acme.id(), acme.version(), OrganizationStatus.SUSPENDED));
    plinth
        .asSystem("test")
        .run(
            tx ->
                organizations.setStatus(
                    tx, acme.id(), suspended.version(), OrganizationStatus.ACTIVE));

    Organization seen = plinth.as(alice).read(organizations::current);
    assertThat(seen.status()).isEqualTo(OrganizationStatus.ACTIVE);
  }

  @Test
  void aTenantChangesNeitherStatusNorSlug(
      Plinth plinth, Organizations organizations, Organization acme, Member alice) {
    for (String change : List.of("status = 'archived'", "slug = 'other'")) {
      assertThatExceptionOfType(AccessDeniedException.class)
          .isThrownBy(
              () ->
                  plinth
                      .as(alice)
                      .run(
                          tx ->
                              tx.dsl().execute("UPDATE plinth_base.organizations SET " + change)));
    }
  }

  @Test
  void organizationsComeInPages(
      Plinth plinth, Organizations organizations, Organization a, Organization b, Organization c) {
    Set<UUID> seen = new HashSet<>();
    PageRequest request = PageRequest.first(2);
    for (boolean more = true; more; ) {
      PageRequest next = request;
      Page<Organization> page = plinth.asSystem("test").read(tx -> organizations.list(tx, next));
      page.items().forEach(organization -> assertThat(seen.add(organization.id())).isTrue());
      more = page.next().isPresent();
      request = new PageRequest(2, page.nextCursor());
    }

    assertThat(seen).contains(a.id(), b.id(), c.id());
  }

  @Test
  void aUserSeesOneselfAndNobodyElse(
      Plinth plinth, Users users, Organization acme, Member alice, Member bob) {
    List<UUID> seen =
        plinth
            .as(alice)
            .read(
                tx -> tx.dsl().fetch("SELECT id FROM plinth_base.users").getValues(0, UUID.class));
    List<UUID> seenByService =
        plinth
            .asService(acme.id(), "indexer")
            .read(
                tx -> tx.dsl().fetch("SELECT id FROM plinth_base.users").getValues(0, UUID.class));
    UUID me = plinth.as(alice).read(tx -> users.me(tx).orElseThrow().id());

    assertThat(seen).containsExactly(alice.userId());
    assertThat(seenByService).isEmpty();
    assertThat(me).isEqualTo(alice.userId());
  }

  @Test
  void anEmailIsTakenOnceHoweverItIsCased(Plinth plinth, Users users) {
    User first =
        plinth
            .asSystem("test")
            .call(tx -> users.create(tx, NewUser.named("a").email("Twice@Example.org")));

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(
            () ->
                plinth
                    .asSystem("test")
                    .call(tx -> users.create(tx, NewUser.named("b").email("TWICE@example.ORG"))))
        .satisfies(e -> assertThat(e.what()).isEqualTo("email"));
    UUID found =
        plinth
            .asSystem("test")
            .read(tx -> users.findByEmail(tx, "tWice@example.org").orElseThrow().id());
    assertThat(found).isEqualTo(first.id());
  }

  @Test
  void idsSortByTheTimeTheyWereMade(TestDatabase database) throws SQLException {
    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                SELECT bool_and(substr(id::text, 15, 1) = '7' AND substr(id::text, 20, 1) ~ '[89ab]'),
                       bool_and(before <= id),
                       max(abs(extract(epoch FROM clock_timestamp()) * 1000
                           - ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint)) < 5000
                FROM (SELECT id, lag(id, 1, id) OVER (ORDER BY n) AS before
                      FROM (SELECT n, plinth_base.uuidv7() AS id, pg_sleep(0.001) FROM generate_series(1, 200) n) made) s
                """)) {
      row.next();
      assertThat(row.getBoolean(1)).as("version and variant").isTrue();
      assertThat(row.getBoolean(2)).as("order").isTrue();
      assertThat(row.getBoolean(3)).as("time").isTrue();
    }
  }
}
