package dev.plinth.projects.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.error.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryUrlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://github.com/acme/engine.git",
        "HTTPS://github.com/acme/engine",
        "http://git_server:8080/engine",
        "ssh://git@host:2222/acme/engine.git",
        "ssh://host/engine",
        "git://host/engine.git",
        "git@github.com:acme/engine.git",
        "file:///srv/git/engine.git",
        "file:/srv/git/engine.git",
        "https://[::1]:8443/engine"
      })
  void anAddressThatGitClonesFromIsKeptAsItIs(String url) {
    assertThat(repository(url).url()).isEqualTo(url);
  }

  @ParameterizedTest
  @CsvSource({
    "https://user:secret@host/engine, https://host/engine",
    "https://ghp_token@host/engine, https://host/engine",
    "https://user:p@ss@host:8443/engine, https://host:8443/engine",
    "ssh://git:secret@host/engine, ssh://host/engine",
    "git://user:secret@host/engine, git://host/engine"
  })
  void credentialsAreTakenOut(String given, String stored) {
    assertThat(repository(given).url()).isEqualTo(stored);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "engine",
        "/srv/git/engine",
        "github.com/acme/engine",
        "https://",
        "https:///engine",
        "https://host name/engine",
        "javascript:alert(1)",
        "mailto:alice@example.org",
        "ftp://host/engine",
        "user:secret@host:engine",
        "C:\\git\\engine",
        "https://host/\0"
      })
  void aMalformedAddressIsRefused(String url) {
    assertThatThrownBy(() -> repository(url))
        .isInstanceOfSatisfying(
            InvalidValueException.class,
            refusal -> assertThat(refusal.component()).isEqualTo("url"));
  }

  @Test
  void aRefusalDoesNotQuoteThePassword() {
    assertThatThrownBy(() -> repository("ftp://user:secret@host/engine"))
        .hasMessageNotContaining("secret");
  }

  @Test
  void anAddressOf2001CharactersIsRefused() {
    String start = "https://host/";

    assertThat(repository(start + "a".repeat(2000 - start.length())).url()).hasSize(2000);
    assertThatThrownBy(() -> repository(start + "a".repeat(2001 - start.length())))
        .isInstanceOf(InvalidValueException.class);
  }

  private static NewRepository repository(String url) {
    return NewRepository.of(Provider.GIT, "engine", "engine").url(url);
  }
}
