package dev.plinth.base.tenancy;

import dev.plinth.base.error.Require;
import dev.plinth.base.telemetry.TransactionEnd.Kind;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Opens transactions on a host's data source. {@code Plinth} has one and hands it on; thread-safe.
 */
public final class Tenancy {

  private static final String BEGIN_TENANT =
      "SELECT plinth_base.begin_tenant(?, ?, ?, ?, ?), pg_catalog.now()";
  private static final String BEGIN_SYSTEM =
      "SELECT plinth_base.begin_system(?, ?, ?), pg_catalog.now()";

  private static final int NAME_LENGTH = 200;
  private static final int HALF_A_MICROSECOND = 500;

  private final Transactions transactions;
  private final @Nullable InstantSource clock;

  /**
   * Makes one.
   *
   * @param subscriptions who hears what is published
   */
  public Tenancy(TenancySettings settings, List<Subscription<?>> subscriptions) {
    this.transactions = new Transactions(settings, subscriptions);
    this.clock = settings.clock();
  }

  /** For a member of an organization. */
  public Scope<TenantTx> as(UUID organization, UUID user) {
    Objects.requireNonNull(user, "user");
    return new Scope<>(transactions, Kind.TENANT, tenant(organization, user, null));
  }

  /** For the organization's own machinery: everything in it but what is private to a user. */
  public Scope<TenantTx> asService(UUID organization, String name) {
    String who = Require.text("name", name, NAME_LENGTH);
    return new Scope<>(transactions, Kind.TENANT, tenant(organization, null, who));
  }

  /** Across organizations, for a reason that is noted in the session. */
  public Scope<SystemTx> asSystem(String reason) {
    String why = Require.text("reason", reason, NAME_LENGTH);
    return new Scope<>(
        transactions,
        Kind.SYSTEM,
        (engine, connection, readOnly) -> {
          try (PreparedStatement begin = connection.prepareStatement(BEGIN_SYSTEM)) {
            begin.setString(1, why);
            begin.setBoolean(2, readOnly);
            Instant time = time();
            begin.setObject(3, parameter(time));
            Begun begun = Begun.read(begin, time);
            return new SystemTx(engine.session(connection, begun), why);
          }
        });
  }

  private Opening<TenantTx> tenant(
      UUID organization, @Nullable UUID user, @Nullable String service) {
    Objects.requireNonNull(organization, "organization");
    return (engine, connection, readOnly) -> {
      try (PreparedStatement begin = connection.prepareStatement(BEGIN_TENANT)) {
        begin.setObject(1, organization);
        begin.setObject(2, user);
        begin.setString(3, service);
        begin.setBoolean(4, readOnly);
        Instant time = time();
        begin.setObject(5, parameter(time));
        Begun begun = Begun.read(begin, time);
        return new TenantTx(
            engine.session(connection, begun), organization, user, MemberRole.named(begun.role()));
      }
    };
  }

  /** The time of the host's clock, rounded as the database does; null where there is none. */
  private @Nullable Instant time() {
    return clock == null
        ? null
        : clock.instant().plusNanos(HALF_A_MICROSECOND).truncatedTo(ChronoUnit.MICROS);
  }

  private static @Nullable OffsetDateTime parameter(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  /**
   * What the database answered.
   *
   * @param previous role and settings before, as {@code plinth_base.enter} takes them
   * @param entered the database role that the transaction runs as
   */
  record Begun(String role, String entered, List<String> previous, Instant now) {

    static Begun read(PreparedStatement begin, @Nullable Instant time) throws SQLException {
      try (ResultSet row = begin.executeQuery()) {
        row.next();
        List<String> answer = List.of((String[]) row.getArray(1).getArray());
        Instant now = time == null ? row.getObject(2, OffsetDateTime.class).toInstant() : time;
        return new Begun(answer.get(0), answer.get(1), answer.subList(2, answer.size()), now);
      }
    }
  }
}
