package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.PlinthTest;
import org.junit.jupiter.api.Test;

@PlinthTest
class BaseAloneTest {

  @Test
  void baseWorksWithoutAnyModule(Plinth plinth, Organization acme, Member alice) {
    Member seen = plinth.as(alice).read(tx -> plinth.members().get(tx, alice.userId()));

    assertEquals(alice, seen);
  }

  @Test
  void whatOnlyModulesNeedIsNotThere() {
    assertThrows(
        ClassNotFoundException.class, () -> Class.forName("org.eclipse.jgit.lib.Repository"));
  }
}
