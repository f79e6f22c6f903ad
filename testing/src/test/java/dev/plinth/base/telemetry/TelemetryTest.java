package dev.plinth.base.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a host measures: every end of a transaction, and no tenant. */
@PlinthTest
class TelemetryTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void everyTransactionIsCountedByKindModeAndOutcome(
      TestDatabase database, Organization acme, Member alice) throws SQLException {
    Plinth plinth = measured(database, new MicrometerTelemetry(registry));
    plinth.as(alice).run(tx -> {});
    Integer read = plinth.as(alice).read(tx -> 1);
    plinth.asSystem("test").run(tx -> {});
    try (Connection connection = database.host().getConnection()) {
      connection.setAutoCommit(false);
      plinth.as(alice).join(connection, tx -> 1);
      connection.rollback();
    }
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          throw new IllegalStateException("fails");
                        }))
        .hasMessage("fails");

    assertThat(read).isEqualTo(1);
    assertThat(count("tenant", "write", "success", "none")).isEqualTo(1);
    assertThat(count("tenant", "read", "success", "none")).isEqualTo(1);
    assertThat(count("system", "write", "success", "none")).isEqualTo(1);
    assertThat(count("tenant", "join", "success", "none")).isEqualTo(1);
    assertThat(count("tenant", "write", "failure", "IllegalStateException")).isEqualTo(1);
  }

  @Test
  void whoIsRefusedIsCountedAsAFailure(
      TestDatabase database, Organization acme, Organization globex, Member bob) {
    Plinth plinth = measured(database, new MicrometerTelemetry(registry));

    assertThatThrownBy(() -> plinth.as(acme.id(), bob.userId()).run(tx -> {}))
        .isInstanceOf(AccessDeniedException.class);

    assertThat(count("tenant", "write", "failure", "AccessDeniedException")).isEqualTo(1);
  }

  @Test
  void slowStatementsAndJobsAreTimed(TestDatabase database) {
    MicrometerTelemetry telemetry = new MicrometerTelemetry(registry);

    telemetry.statementWasSlow(Duration.ofMillis(1500));
    measured(database, telemetry).jobs().runNow("base.notification-retention");

    assertThat(registry.get("plinth.statements.slow").timer().totalTime(TimeUnit.MILLISECONDS))
        .isEqualTo(1500);
    assertThat(
            registry
                .get("plinth.jobs")
                .tags("job", "base.notification-retention", "outcome", "success")
                .timer()
                .count())
        .isEqualTo(1);
  }

  @Test
  void aSlowStatementOfATransactionReachesTheRegistry(
      TestDatabase database, Organization acme, Member alice) {
    Plinth plinth =
        Plinth.builder()
            .dataSource(database.host())
            .telemetry(new MicrometerTelemetry(registry))
            .logSlowStatements(Duration.ofNanos(1))
            .build();

    plinth.as(alice).run(tx -> tx.dsl().fetch("SELECT 1"));

    assertThat(registry.get("plinth.statements.slow").timer().count()).isEqualTo(1);
  }

  @Test
  void noTenantIsALabel(TestDatabase database, Organization acme, Member alice) {
    measured(database, new MicrometerTelemetry(registry)).as(alice).run(tx -> {});

    assertThat(registry.getMeters())
        .isNotEmpty()
        .flatExtracting(meter -> meter.getId().getTags())
        .extracting(Tag::getValue)
        .doesNotContain(acme.id().toString(), alice.userId().toString(), acme.slug());
  }

  @Test
  void whatTheHostsTelemetryThrowsChangesNothing(
      TestDatabase database, Organization acme, Member alice) {
    Integer afterException =
        measured(database, failing(new IllegalStateException("the host's telemetry fails")))
            .as(alice)
            .call(tx -> 1);
    Integer afterError =
        measured(database, failing(new NoClassDefFoundError("io/micrometer/Missing")))
            .as(alice)
            .call(tx -> 1);

    assertThat(afterException).isEqualTo(1);
    assertThat(afterError).isEqualTo(1);
  }

  private static <E extends Throwable> Telemetry failing(E failure) {
    return new Telemetry() {
      @Override
      public void transactionEnded(TransactionEnd end) {
        TelemetryTest.<RuntimeException>sneak(failure);
      }
    };
  }

  /** As Kotlin and generated code do: a checked exception from a method that declares none. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void sneak(Throwable failure) throws E {
    throw (E) failure;
  }

  private static Plinth measured(TestDatabase database, Telemetry telemetry) {
    return Plinth.builder().dataSource(database.host()).telemetry(telemetry).build();
  }

  private long count(String kind, String mode, String outcome, String exception) {
    return registry
        .get("plinth.transactions")
        .tags("kind", kind, "mode", mode, "outcome", outcome, "exception", exception)
        .timer()
        .count();
  }
}
