package dev.plinth.base.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT a FROM t WHERE b = ? AND c = $1|SELECT a FROM t WHERE b = ? AND c = $1",
        "SELECT 'x', 12, 1.5e-10, .5, 0xFF FROM t1|SELECT ?, ?, ?, ?, ? FROM t1",
        "SELECT \"a 1\".\"b\"\"c\" FROM \"t\"|SELECT \"a 1\".\"b\"\"c\" FROM \"t\"",
        "SELECT 'it''s', b'01' , 5-3|SELECT ?, b? , ?-?",
        "DO $body$ it's $x$ 5 $body$ ; SELECT 1|DO ? ; SELECT ?"
      })
  void wordsStayAndValuesDoNot(String sql, String shown) {
    assertThat(SqlText.withoutValues(sql)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'secret'",
        "SELECT E'a\\'secret', 'secret'",
        "SELECT 'a\\', secret, 'b'",
        "SELECT 'unfinished secret",
        "SELECT $$secret$$, $a$secret$a$, $b$ secret",
        "SELECT 1 -- secret",
        "SELECT 1 -- secret\n, 2",
        "SELECT 1 /* user=secret /* deeper */ secret */",
        "SELECT 1 /* secret",
        "SELECT U&'\\0441secret' UESCAPE '!'",
        "SELECT date'secret'",
        "SELECT 'a' 'secret'",
        "SELECT 'a'\n'secret'"
      })
  void aValueIsNeverShown(String sql) {
    assertThat(SqlText.withoutValues(sql)).startsWith("SELECT").doesNotContain("secret");
  }

  @Test
  void aLongTextIsCut() {
    String list = "SELECT " + "column_name, ".repeat(100_000);

    assertThat(SqlText.withoutValues(list)).hasSizeLessThan(2_100).endsWith("…");
    assertThat(SqlText.withoutValues("SELECT '" + "x''".repeat(1_000_000) + "'"))
        .isEqualTo("SELECT ?");
  }
}
