package dev.plinth.base.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InvalidValueException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {

  @Test
  void allOfThemAreRead() {
    DatabaseSettings settings =
        DatabaseSettings.from(
            Map.of(
                "DATABASE_URL", "postgresql://alice:secret@localhost/app",
                "DATABASE_POOL_SIZE", "20",
                "DATABASE_POOL_TIMEOUT", "5",
                "DATABASE_REQUIRE_TLS", "TRUE",
                "ENABLE_QUERY_MONITORING", "true",
                "SLOW_QUERY_THRESHOLD_MS", "250"));

    assertThat(settings.url().flatMap(DatabaseUrl::user)).contains("alice");
    assertThat(settings.poolSize()).isEqualTo(20);
    assertThat(settings.poolTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.requireTls()).isTrue();
    assertThat(settings.slowStatements()).contains(Duration.ofMillis(250));
    assertThat(settings.toString()).doesNotContain("secret");
  }

  @Test
  void whatIsNotSetOrBlankHasADefault() {
    DatabaseSettings settings =
        DatabaseSettings.from(Map.of("DATABASE_URL", " ", "DATABASE_POOL_SIZE", ""));

    assertThat(settings.url()).isEmpty();
    assertThat(settings.poolSize()).isEqualTo(10);
    assertThat(settings.poolTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.requireTls()).isFalse();
    assertThat(settings.slowStatements()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE_URL,mysql://hunter2@localhost/app",
    "DATABASE_URL,postgresql://a:hunter 2@localhost/app",
    "DATABASE_POOL_SIZE,0",
    "DATABASE_POOL_SIZE,-1",
    "DATABASE_POOL_SIZE,hunter2",
    "DATABASE_POOL_SIZE,99999999999999999999",
    "DATABASE_POOL_TIMEOUT,30s",
    "DATABASE_POOL_TIMEOUT,0.5",
    "DATABASE_REQUIRE_TLS,maybe",
    "ENABLE_QUERY_MONITORING,hunter2",
    "SLOW_QUERY_THRESHOLD_MS,0",
    "SLOW_QUERY_THRESHOLD_MS,1e3"
  })
  void aValueThatCannotBeRightNamesItsVariableAndNotItself(String name, String value) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> DatabaseSettings.from(Map.of(name, value)))
        .satisfies(e -> assertThat(e.component()).isEqualTo(name))
        .withMessageNotContaining("hunter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DATABASE_POOLSIZE",
        "DATABASE_POOL_MAX",
        "SLOW_QUERY_THRESHOLD",
        "ENABLE_QUERY_MONITORNG",
        "DATABASE_REQUIRE_SSL"
      })
  void aMisspeltVariableIsRefused(String name) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> DatabaseSettings.from(Map.of(name, "1")))
        .withMessageContaining(name);
  }

  @Test
  void variablesOfOtherProgramsAreLeftAlone() {
    assertThat(DatabaseSettings.from(Map.of("DATABASE_HOST", "db", "PATH", "/bin")).url())
        .isEmpty();
  }
}
