package dev.plinth.base.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  @Test
  void theFormOfTheCloudBecomesAJdbcUrl() {
    DatabaseUrl url =
        DatabaseUrl.parse("postgresql://al%40ice:p%3Aa+ss@db.example.org:5433/app?sslmode=require");

    assertThat(url.jdbcUrl())
        .isEqualTo("jdbc:postgresql://db.example.org:5433/app?sslmode=require");
    assertThat(url.user()).contains("al@ice");
    assertThat(url.password()).contains("p:a+ss");
  }

  @Test
  void theShortSchemeIsTheSame() {
    assertThat(DatabaseUrl.parse("postgres://localhost/app").jdbcUrl())
        .isEqualTo("jdbc:postgresql://localhost/app");
  }

  @Test
  void aJdbcUrlStaysAsItIs() {
    String jdbc = "jdbc:postgresql://localhost/app?user=alice&password=secret";

    assertThat(DatabaseUrl.parse(jdbc).jdbcUrl()).isEqualTo(jdbc);
  }

  @Test
  void aUserInFrontOfTheHostIsUnderstoodInAJdbcUrlToo() {
    DatabaseUrl url = DatabaseUrl.parse("jdbc:postgresql://bob:topsecret@localhost:5433/app?a=b");

    assertThat(url.jdbcUrl()).isEqualTo("jdbc:postgresql://localhost:5433/app?a=b");
    assertThat(url.user()).contains("bob");
    assertThat(url.password()).contains("topsecret");
    assertThat(url.toString()).doesNotContain("topsecret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        "mysql://localhost/app",
        "postgresql:///app",
        "postgresql://a b/app"
      })
  void anythingElseIsRefused(String url) {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> DatabaseUrl.parse(url));
  }

  @Test
  void thePasswordIsNotPrinted() {
    assertThat(DatabaseUrl.parse("postgresql://alice:secret@localhost/app").toString())
        .contains("alice")
        .doesNotContain("secret");
    assertThat(
            DatabaseUrl.parse("jdbc:postgresql://localhost/app?password=secret&user=a").toString())
        .doesNotContain("secret");
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> DatabaseUrl.parse("postgresql://alice:se cret@localhost/app"))
        .withMessageNotContaining("cret");
  }
}
