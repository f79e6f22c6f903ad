package dev.plinth.base.tenancy;

import dev.plinth.base.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What transactions are opened on, and who watches.
 *
 * @param dataSource of the primary
 * @param replica of a read replica, or null
 * @param clock in place of the database's clock, or null for the database's
 * @param telemetry hears how they end
 * @param slowStatements from when on a statement is logged, or null for never
 */
public record TenancySettings(
    DataSource dataSource,
    @Nullable DataSource replica,
    @Nullable InstantSource clock,
    Telemetry telemetry,
    @Nullable Duration slowStatements) {}
