package dev.plinth.base.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysetTest {

  private static final UUID ACME = UUID.randomUUID();

  private final Keyset keyset = Keyset.of("things", ACME);

  @Test
  void aCursorLeadsToTheKeyOfTheLastRow() {
    PageRequest first = PageRequest.first(2);
    Page<String> page = keyset.page(List.of("a|\"ä", "b", "c"), first, row -> List.of(row, "1"));

    assertThat(page.items()).containsExactly("a|\"ä", "b");
    assertThat(keyset.position(PageRequest.after(page.next().orElseThrow(), 2), 2))
        .containsExactly("b", "1");
  }

  @Test
  void theLastPageHasNoNext() {
    assertThat(keyset.page(List.of("a"), PageRequest.first(1), List::of).next()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "e30", "W10", "bnVsbA", "WzFd", "W251bGxd"})
  void whatIsNoCursorIsRefused(String cursor) {
    assertRefused(keyset, cursor, 1);
  }

  @Test
  void aCursorOfAnotherListOrganizationOrLengthIsRefused() {
    String cursor =
        keyset.page(List.of("a", "b"), PageRequest.first(1), List::of).next().orElseThrow();

    assertRefused(Keyset.of("others", ACME), cursor, 1);
    assertRefused(Keyset.of("things", UUID.randomUUID()), cursor, 1);
    assertRefused(Keyset.across("things"), cursor, 1);
    assertRefused(keyset, cursor, 2);
  }

  @Test
  void aCursorOfAnotherFilterIsRefused() {
    Keyset filtered = Keyset.of("things", PageRequest.first(1), ACME);
    String cursor =
        filtered.page(List.of("a", "b"), PageRequest.first(1), List::of).next().orElseThrow();

    assertRefused(Keyset.of("things", PageRequest.first(2), ACME), cursor, 1);
    assertRefused(keyset, cursor, 1);
    assertThat(filtered.position(PageRequest.after(cursor, 1), 1)).containsExactly("a");
  }

  @Test
  void aCursorThatGivesTheWrongOrganizationAwayCannotBeForgedByHand() {
    String forged =
        Base64.getUrlEncoder()
            .encodeToString(
                "[\"things\",\"00000000-0000-0000-0000-000000000000\",\"a\"]"
                    .getBytes(StandardCharsets.UTF_8));

    assertRefused(keyset, forged, 1);
  }

  @Test
  void aKeyOfTheWrongKindIsRefused() {
    String cursor =
        keyset.page(List.of("no-uuid", "b"), PageRequest.first(1), List::of).next().orElseThrow();
    Field<UUID> id = DSL.field("id", UUID.class);

    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(() -> keyset.after(PageRequest.after(cursor, 1), id, UUID::fromString));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1001})
  void aLimitOutsideItsBoundsIsRefused(int limit) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> PageRequest.first(limit));
  }

  private static void assertRefused(Keyset keyset, String cursor, int keys) {
    assertThatExceptionOfType(InvalidCursorException.class)
        .isThrownBy(() -> keyset.position(PageRequest.after(cursor, 1), keys));
  }
}
