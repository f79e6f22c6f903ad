package dev.plinth.base.background;

import dev.plinth.base.tenancy.Tenancy;
import javax.sql.DataSource;

/**
 * What {@link BackgroundWork} is given.
 *
 * @param tenancy opens transactions
 * @param listening where connections can LISTEN: not through a transaction pooler
 */
public record Background(Tenancy tenancy, DataSource listening) {}
