package dev.plinth.base.tenancy;

import dev.plinth.base.error.SqlErrors;
import dev.plinth.base.error.TransactionMisuseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.DefaultExecuteListenerProvider;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/** An open transaction: its connection, whose turn it is, and how to get back to where it began. */
final class Session {

  private static final String OVER = "The transaction is over: do not keep it beyond its work";
  private static final String HOSTS_TURN =
      "asHost() is running: use the context that it gave, and the transaction afterwards";
  private static final String NOT_HOSTS_TURN = "asHost() is over: do not keep its context";

  private static final Settings SETTINGS =
      new Settings()
          .withExecuteLogging(false)
          .withFetchWarnings(false)
          .withAttachRecords(false)
          .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_QUOTED);

  private final Connection connection;
  private final Tenancy.Begun begun;
  private final Attached attached;
  private final BaseConnection driver;
  private final Gate gate;
  private final GuardedConnection guarded;
  private final DSLContext dsl;

  /** What every transaction of a Plinth has in common: who hears of it, and who watches it. */
  record Attached(List<Subscription<?>> subscriptions, SlowStatements slow) {}

  Session(Connection connection, Tenancy.Begun begun, Attached attached) throws SQLException {
    this.connection = connection;
    this.begun = begun;
    this.attached = attached;
    this.driver = Gate.driver(connection);
    this.gate = new Gate(driver, ForbiddenSql.Turn.PLINTH);
    this.guarded = new GuardedConnection(connection, gate, attached.slow());
    this.dsl = context(guarded);
  }

  DSLContext dsl() {
    gate.check();
    return dsl;
  }

  Instant now() {
    return begun.now();
  }

  void publish(Tx tx, DomainEvent event) {
    gate.check();
    attached.subscriptions().forEach(subscription -> subscription.deliver(tx, event));
  }

  <T extends @Nullable Object, X extends Exception> T asHost(TxWork<DSLContext, T, X> work)
      throws X {
    gate.check();
    become(begun.previous().get(0));
    Gate hostsGate = new Gate(driver, ForbiddenSql.Turn.HOST);
    GuardedConnection hosts = new GuardedConnection(connection, hostsGate, attached.slow());
    gate.close(HOSTS_TURN);
    try {
      return work.apply(context(hosts));
    } catch (RuntimeException e) {
      throw SqlErrors.translate(e);
    } finally {
      hosts.closeStatements();
      hostsGate.close(NOT_HOSTS_TURN);
      gate.open();
      // In a failed transaction no role can be set; a savepoint of ours, if there is one, has it.
      if (!gate.failed() && !gate.ended()) {
        become(begun.entered());
      }
    }
  }

  /** No statement passes any more; says whether the transaction that was begun is still there. */
  void finish() {
    abandon();
    if (gate.ended()) {
      throw new TransactionMisuseException(
          "The transaction was ended by a statement of the host's, not by Plinth", null);
    }
    if (gate.failed()) {
      throw new TransactionMisuseException(
          "A statement failed and the failure was caught: nothing of this transaction can be kept;"
              + " put what may fail into a nested transaction",
          null);
    }
  }

  void abandon() {
    guarded.closeStatements();
    gate.close(OVER);
  }

  /** Role and settings as they were before, for the host whose transaction it is. */
  void restore() throws SQLException {
    try (var enter = connection.prepareStatement("SELECT plinth_base.enter(?)")) {
      enter.setArray(1, connection.createArrayOf("text", begun.previous().toArray()));
      enter.execute();
    }
  }

  private void become(String name) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL ROLE \"" + name.replace("\"", "\"\"") + "\"");
    } catch (SQLException e) {
      throw SqlErrors.translate(e);
    }
  }

  private static DSLContext context(GuardedConnection guarded) {
    return DSL.using(
        new DefaultConfiguration()
            .set(SQLDialect.POSTGRES)
            .set(SETTINGS)
            .set(new DefaultConnectionProvider(guarded))
            .set(new SavepointTransactions(guarded))
            .set(new DefaultExecuteListenerProvider(TRANSLATION)));
  }

  private static final ExecuteListener TRANSLATION =
      new ExecuteListener() {
        private static final long serialVersionUID = 1L;

        @Override
        public void exception(ExecuteContext context) {
          if (context.sqlException() != null) {
            context.exception(SqlErrors.translate(context.sqlException()));
          }
        }
      };
}
