package dev.plinth.base.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.base.Plinth;
import dev.plinth.labels.LabelsModule;
import dev.plinth.notes.NotesModule;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a start of a host costs where there is nothing to do: not in milliseconds, which depend on
 * the machine, but in connections and statements.
 */
class NothingToDoTest {

  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger statements = new AtomicInteger();
  private Hosts hosts;

  @BeforeEach
  void aMigratedDatabase() {
    hosts = Hosts.onADatabaseOf(new LabelsModule(), new NotesModule());
  }

  @AfterEach
  void dropIt() {
    hosts.close();
  }

  @Test
  void migratingTakesOneConnectionAndAFewStatements() {
    counted().migrate();

    assertThat(connections).hasValue(1);
    assertThat(statements).hasValueLessThanOrEqualTo(12);
  }

  @Test
  void validatingTakesOneConnectionAndAFewStatements() {
    counted().validate();

    assertThat(connections).hasValue(1);
    assertThat(statements).hasValueLessThanOrEqualTo(6);
  }

  /** The host that migrated ended before it could show the history to the others. */
  @Test
  void aHistoryThatIsHiddenIsShown() throws SQLException {
    hosts.execute("REVOKE SELECT ON plinth_notes.migration_history_labels FROM PUBLIC");

    counted().migrate();

    hosts.execute("SET ROLE plinth_test_host; SELECT FROM plinth_notes.migration_history_labels");
  }

  private Plinth counted() {
    return Plinth.builder()
        .dataSource(hosts.database().host())
        .migrationDataSource(counting(DataSource.class, hosts.database().owner()))
        .modules(new LabelsModule(), new NotesModule())
        .build();
  }

  /** Counts connections made and statements prepared or created, as far as calls return either. */
  private <T> T counting(Class<T> type, Object counted) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object result;
              try {
                result = method.invoke(counted, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().matches("createStatement|prepareStatement")) {
                statements.incrementAndGet();
              }
              if (method.getName().equals("getConnection")) {
                connections.incrementAndGet();
                return counting(Connection.class, result);
              }
              return result;
            }));
  }
}
