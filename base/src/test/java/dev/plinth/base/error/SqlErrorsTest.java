package dev.plinth.base.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server says in ways that are hard to provoke; the rest is tested on a real one. */
class SqlErrorsTest {

  @Test
  void theConstraintIsReadFromTheMessageWhereTheDriverHasNoField() {
    assertThat(
            SqlErrors.translate(
                new SQLException(
                    "ERROR: duplicate key value violates unique constraint \"organizations_slug_uq\"",
                    "23505")))
        .isInstanceOfSatisfying(
            ConflictException.class,
            e -> assertThat(e.constraint()).isEqualTo("organizations_slug_uq"));
  }

  @Test
  void theNumberThatAShardAppendsIsCutOff() {
    assertThat(
            SqlErrors.translate(
                new SQLException(
                    "ERROR: duplicate key value violates unique constraint \"projects_key_uq_102008\"",
                    "23505")))
        .isInstanceOfSatisfying(
            ConflictException.class, e -> assertThat(e.constraint()).isEqualTo("projects_key_uq"));
  }

  @Test
  void valuesOfTheRowDoNotGetIntoTheMessage() {
    assertThat(
            SqlErrors.translate(
                    new SQLException(
                        "ERROR: permission denied\n  Detail: Key (x)=(secret)", "42501"))
                .getMessage())
        .doesNotContain("secret");
  }

  @Test
  void whatStandsInTheWayOfATransitionIsSaid() {
    assertThat(
            SqlErrors.translate(
                new SQLException("ERROR: door cannot go from open to shut while windy", "PL010")))
        .isInstanceOfSatisfying(
            IllegalTransitionException.class, e -> assertThat(e.to()).isEqualTo("shut"))
        .hasMessage("door cannot go from open to shut while windy");
  }

  @Test
  void aCycleNamesItsPath() {
    UUID first = new UUID(1, 2);
    UUID second = new UUID(3, 4);
    assertThat(
            SqlErrors.translate(
                new SQLException(
                    "door would be its own ancestor: %s > %s > %s".formatted(first, second, first),
                    "PL011")))
        .isInstanceOfSatisfying(
            CycleException.class,
            e -> {
              assertThat(e.what()).isEqualTo("door");
              assertThat(e.path()).containsExactly(first, second, first);
            });
  }

  @ParameterizedTest
  @CsvSource({"08006", "08001", "57P01", "57P03", "53300", "28P01"})
  void aConnectionThatIsGoneIsUnavailable(String state) {
    assertThat(SqlErrors.translate(new SQLException("gone", state)))
        .isInstanceOf(DatabaseUnavailableException.class);
  }

  @Test
  void aFailureWithoutStateIsTranslatedToo() {
    assertThat(SqlErrors.translate(new SQLException((String) null)))
        .isInstanceOf(DatabaseException.class);
    assertThat(SqlErrors.translate(new SQLRecoverableException("broken")))
        .isInstanceOf(DatabaseUnavailableException.class);
  }

  @ParameterizedTest
  @CsvSource({"40001", "40P01", "55P03"})
  void aLostRaceIsWorthAnotherTry(String state) {
    assertThat(SqlErrors.translate(new SQLException("lost", state)))
        .isInstanceOf(ConcurrentUpdateException.class);
  }

  @Test
  void whatTheHostThrewIsLeftAlone() {
    IllegalStateException hosts = new IllegalStateException(new SQLException("x", "23505"));

    assertThat(SqlErrors.translate(hosts)).isSameAs(hosts);
  }

  @Test
  void whatJooqWrappedIsUnwrapped() {
    assertThat(SqlErrors.translate(new DataAccessException("x", new SQLException("y", "40001"))))
        .isInstanceOf(ConcurrentUpdateException.class);
  }
}
