package dev.plinth.base.migration;

import dev.plinth.base.error.SqlErrors;
import java.sql.SQLException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Tells every connection that migrates what the roles are called. */
final class RolePrefix extends BaseCallback {

  private final String prefix;

  RolePrefix(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.AFTER_CONNECT;
  }

  @Override
  public void handle(Event event, Context context) {
    try {
      Roles.set(context.getConnection(), Roles.PREFIX_SETTING, prefix);
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }
}
