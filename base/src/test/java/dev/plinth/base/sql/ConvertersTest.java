package dev.plinth.base.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jooq.JSONB;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConvertersTest {

  private enum Colour {
    RED,
    DARK_IVORY
  }

  private final ClosedSetConverter<Colour> colours = new ClosedSetConverter<>(Colour.class);

  @ParameterizedTest
  @EnumSource
  void aClosedSetGoesThereAndBack(Colour colour) {
    assertThat(colours.from(colours.to(colour))).isEqualTo(colour);
  }

  @Test
  void aClosedSetDoesNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(colours.to(Colour.DARK_IVORY)).isEqualTo("dark_ivory");
      assertThat(colours.from("dark_ivory")).isEqualTo(Colour.DARK_IVORY);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void anUnknownTextIsAnErrorAndNotNull() {
    assertThatThrownBy(() -> colours.from("blue")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void prioritiesSortAsTheyAreStored() {
    RankConverter<Priority> ranks = new RankConverter<>(Priority.class);

    assertThat(ranks.to(Priority.LOW)).isEqualTo((short) 1);
    assertThat(ranks.to(Priority.CRITICAL)).isEqualTo((short) 4);
    assertThat(ranks.from((short) 3)).isEqualTo(Priority.HIGH);
  }

  @Test
  void anObjectGoesThereAndBack() {
    JsonObjectConverter objects = new JsonObjectConverter();
    Map<String, Object> object = Map.of("text", "ä\"", "number", 1, "list", List.of(true));

    assertThat(objects.from(objects.to(object))).isEqualTo(object);
    assertThat(objects.from(JSONB.valueOf("{\"a\":null}"))).containsEntry("a", null);
  }
}
