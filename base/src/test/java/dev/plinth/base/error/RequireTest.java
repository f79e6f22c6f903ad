package dev.plinth.base.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequireTest {

  @Test
  void aTextThatFitsPasses() {
    assertThat(Require.text("name", "ab", 2)).isEqualTo("ab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", "abc", "a\0"})
  void aTextThatIsBlankTooLongOrHoldsAZeroIsRefused(String text) {
    assertRefused("name", () -> Require.text("name", text, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "acme", "acme-2", "4you"})
  void aSlugPasses(String slug) {
    assertThat(Require.slug("slug", slug)).isEqualTo(slug);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Acme", "-acme", "acme-", "ac--me", "ac me", "äcme", "a/b", "a\n"})
  void whatIsNoSlugIsRefused(String slug) {
    assertRefused("slug", () -> Require.slug("slug", slug));
  }

  @Test
  void anEmailIsMadeLowerCase() {
    assertThat(Require.email("email", "Alice@Example.ORG")).isEqualTo("alice@example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "alice", "@example.org", "alice@", "a b@c", "a@b@c"})
  void whatIsNoEmailIsRefused(String email) {
    assertRefused("email", () -> Require.email("email", email));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://example.org/a?b=c", "ssh://git@example.org/x.git", "file:///tmp/x"})
  void anAbsoluteUrlPasses(String url) {
    assertThat(Require.url("url", url)).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "example.org", "/path", "https://", "http:// x", "mailto:x", "ht!tp://x"})
  void aMalformedUrlIsRefused(String url) {
    assertRefused("url", () -> Require.url("url", url));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S"})
  void aTimeThatTakesNoneIsRefused(String time) {
    assertRefused("every", () -> Require.positive("every", Duration.parse(time)));
  }

  @Test
  void aNumberWithinItsBoundsPasses() {
    assertThat(Require.between("limit", 1, 1, 3)).isEqualTo(1);
    assertThat(Require.between("limit", 3, 1, 3)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 4, Integer.MAX_VALUE})
  void aNumberOutOfBoundsIsRefused(int number) {
    assertRefused("limit", () -> Require.between("limit", number, 1, 3));
  }

  private static void assertRefused(String component, ThrowingCallable call) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.component()).isEqualTo(component));
  }
}
