package dev.plinth.base.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InsecureConnectionException;
import dev.plinth.base.error.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://localhost/app",
        "postgresql://127.0.0.1:5433/app?sslmode=disable",
        "postgresql://127.9.8.7/app",
        "postgresql://[::1]/app",
        "jdbc:postgresql://localhost:1,127.0.0.1:2/app",
        "postgresql://db.example.org/app?sslmode=require",
        "postgresql://db.example.org/app?sslmode=verify-full",
        "postgresql://db.example.org/app?ssl=true",
        "jdbc:postgresql://a.example.org,b.example.org/app?sslmode=verify-ca",
        "postgresql://db.example.org/app?sslmode=require&socketFactory=org.example.Tunnel"
      })
  void thisMachineAndTlsAreAllowed(String url) {
    DatabaseUrl parsed = DatabaseUrl.parse(url);

    assertThat(Tls.required(parsed)).isSameAs(parsed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://db.example.org/app",
        "postgresql://db.example.org/app?sslmode=disable",
        "postgresql://db.example.org/app?sslmode=allow",
        "postgresql://db.example.org/app?sslmode=prefer",
        "postgresql://db.example.org/app?sslmode=require&sslmode=disable",
        "postgresql://db.example.org/app?ssl=false",
        "postgresql://db.example.org/app?gssEncMode=require",
        "postgresql://10.0.0.1/app",
        "postgresql://localhost.example.org/app",
        "postgresql://127.0.0.1.example.org/app",
        "jdbc:postgresql://localhost,db.example.org/app",
        "jdbc:postgresql://localhost/app?socketFactory=org.example.Tunnel"
      })
  void whatMayCrossANetworkWithoutTlsIsRefused(String url) {
    assertThatExceptionOfType(InsecureConnectionException.class)
        .isThrownBy(() -> Tls.required(DatabaseUrl.parse(url)))
        .satisfies(e -> assertThat(e.where()).isNotEmpty());
  }

  @Test
  void aModeThatTheDriverDoesNotKnowIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () -> Tls.required(DatabaseUrl.parse("postgresql://localhost/app?sslmode=always")));
  }

  @Test
  void thePasswordIsInNoMessage() {
    assertThatExceptionOfType(InsecureConnectionException.class)
        .isThrownBy(() -> Tls.required(DatabaseUrl.parse("postgresql://a:secret@db/app")))
        .withMessageNotContaining("secret");
  }
}
