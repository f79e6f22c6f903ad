package dev.plinth.base.migration;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.plinth.base.Plinth;
import dev.plinth.testing.AtOnce;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many databases of one server, as a platform has them; roles belong to all of them. */
class ManyDatabasesTest {

  private static final int DATABASES = 30;
  private static final int MIGRATORS = 8;

  @Test
  void eightMigratorsAtOnceBringUpThirtyDatabases() throws Exception {
    String prefix = "plinth_x" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    List<TestDatabase> databases = new ArrayList<>();
    try {
      for (int i = 0; i < DATABASES; i++) {
        databases.add(TestServer.shared().empty());
      }

      // Each begins with another database, and goes on to those that others have begun with.
      AtomicInteger migrator = new AtomicInteger();
      AtOnce.run(
          MIGRATORS,
          together -> {
            int first = migrator.getAndIncrement() * DATABASES / MIGRATORS;
            together.await();
            for (int i = 0; i < DATABASES; i++) {
              on(databases.get((first + i) % DATABASES), prefix).migrate();
            }
            return first;
          });

      assertThatCode(() -> databases.forEach(database -> on(database, prefix).validate()))
          .doesNotThrowAnyException();
    } finally {
      databases.forEach(TestDatabase::close);
    }
  }

  private static Plinth on(TestDatabase database, String prefix) {
    return Plinth.builder()
        .dataSource(database.host())
        .migrationDataSource(database.owner())
        .rolePrefix(prefix)
        .build();
  }
}
