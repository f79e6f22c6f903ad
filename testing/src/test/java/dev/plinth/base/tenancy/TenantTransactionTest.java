package dev.plinth.base.tenancy;

import static dev.plinth.base.jooq.Tables.ORGANIZATIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.OrganizationNotActiveException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.organization.OrganizationStatus;
import dev.plinth.testing.PlinthTest;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@PlinthTest
class TenantTransactionTest {

  @Test
  void aMemberSeesTheOwnOrganizationAndNoOther(
      Plinth plinth, Organization acme, Member alice, Organization globex) {
    List<UUID> seen =
        plinth
            .as(alice)
            .call(
                tx ->
                    tx.dsl().select(ORGANIZATIONS.ID).from(ORGANIZATIONS).fetch(ORGANIZATIONS.ID));

    assertThat(seen).containsExactly(acme.id()).doesNotContain(globex.id());
  }

  @Test
  void aStrangerIsRefused(Plinth plinth, Organization acme, Organization globex, Member bob) {
    assertThatThrownBy(() -> plinth.as(acme.id(), bob.userId()).run(tx -> {}))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aMissingOrganizationIsNamed(Plinth plinth, Organization acme, Member alice) {
    UUID nowhere = UUID.randomUUID();
    assertThatThrownBy(() -> plinth.as(nowhere, alice.userId()).run(tx -> {}))
        .isInstanceOfSatisfying(
            NotFoundException.class, e -> assertThat(e.id()).isEqualTo(nowhere.toString()));
  }

  @Test
  void aSuspendedOrganizationLetsNobodyIn(Plinth plinth, Organization acme, Member alice) {
    plinth
        .asSystem("test")
        .call(
            tx ->
                plinth
                    .organizations()
                    .setStatus(tx, acme.id(), acme.version(), OrganizationStatus.SUSPENDED));

    assertThatThrownBy(() -> plinth.as(alice).run(tx -> {}))
        .isInstanceOfSatisfying(
            OrganizationNotActiveException.class,
            e -> assertThat(e.status()).isEqualTo("suspended"));
    assertThatThrownBy(() -> plinth.asService(acme.id(), "indexer").run(tx -> {}))
        .isInstanceOf(OrganizationNotActiveException.class);
  }

  @Test
  void aStrangerDoesNotLearnThatAnOrganizationIsSuspended(
      Plinth plinth, Organization acme, Organization globex, Member bob) {
    plinth
        .asSystem("test")
        .run(
            tx ->
                plinth
                    .organizations()
                    .setStatus(tx, acme.id(), acme.version(), OrganizationStatus.SUSPENDED));

    assertThatThrownBy(() -> plinth.as(acme.id(), bob.userId()).run(tx -> {}))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  @SuppressWarnings("NullAway") // as a host that does not check for null
  void nobodyIsNoService(Plinth plinth, Organization acme) {
    assertThatThrownBy(() -> plinth.as(acme.id(), null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> plinth.asService(acme.id(), " "))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> plinth.asService(acme.id(), "a\0b"))
        .isInstanceOf(InvalidValueException.class);
  }
}
