package dev.plinth.host.pooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.error.PlinthException;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.page.PageRequest;
import dev.plinth.projects.project.NewProject;
import java.sql.Connection;
import java.sql.SQLException;

/** The kinds of transactions, each asserting what it sees. */
enum TransactionKind {
  CALL {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .run(
              tx -> {
                tx.dsl().execute("SET LOCAL work_mem = '3MB'");
                visit.write(tx.dsl(), "called");
                visit.assertOwn(tx, "plinth_app");
              });
    }
  },
  READ {
    @Override
    void make(Visit visit) {
      String state = visit.asMember().read(tx -> visit.assertOwn(tx, "plinth_reader"));
      assertThat(state).contains(visit.member().userId().toString());
    }
  },
  SERVICE {
    @Override
    void make(Visit visit) {
      visit
          .plinth()
          .asService(visit.member().organizationId(), "indexer")
          .run(tx -> visit.assertOwn(tx, "plinth_app"));
    }
  },
  SYSTEM {
    @Override
    void make(Visit visit) {
      String state =
          visit
              .plinth()
              .asSystem("counting")
              .call(tx -> tx.dsl().fetchSingle(Visit.STATE).get(0, String.class));
      assertThat(state).startsWith("plinth_system|||");
    }
  },
  JOIN {
    @Override
    void make(Visit visit) throws SQLException {
      try (Connection connection = visit.pool().getConnection()) {
        connection.setAutoCommit(false);
        visit.asMember().join(connection, tx -> visit.assertOwn(tx, "plinth_app"));
        assertThat(Visit.state(connection)).startsWith(Visit.HOST_LOGIN + "|||");
        connection.commit();
        connection.setAutoCommit(true);
      }
    }
  },
  FAILED_JOIN {
    @Override
    void make(Visit visit) throws SQLException {
      try (Connection connection = visit.pool().getConnection()) {
        connection.setAutoCommit(false);
        assertThatThrownBy(
                () -> visit.asMember().join(connection, tx -> tx.dsl().execute("SELECT 1/0")))
            .isInstanceOf(PlinthException.class);
        assertThat(Visit.state(connection)).startsWith(Visit.HOST_LOGIN + "|||");
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  },
  AS_HOST {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .run(
              tx -> {
                String host = tx.asHost(dsl -> dsl.fetchSingle(Visit.STATE).get(0, String.class));
                assertThat(host).startsWith(Visit.HOST_LOGIN + "|");
                visit.assertOwn(tx, "plinth_app");
              });
    }
  },
  SAVEPOINT {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .run(
              tx -> {
                assertThatThrownBy(
                        () -> tx.dsl().transaction(nested -> nested.dsl().execute("SELECT 1/0")))
                    .isInstanceOf(PlinthException.class);
                visit.write(tx.dsl(), "after a savepoint");
                visit.assertOwn(tx, "plinth_app");
              });
    }
  },
  FAILED {
    @Override
    void make(Visit visit) {
      assertThatThrownBy(() -> visit.asMember().run(tx -> tx.dsl().execute("SELECT 1/0")))
          .isInstanceOf(PlinthException.class);
    }
  },
  THROWING {
    @Override
    void make(Visit visit) {
      assertThatThrownBy(
              () ->
                  visit
                      .asMember()
                      .run(
                          tx -> {
                            visit.write(tx.dsl(), "lost");
                            throw new IllegalStateException("the host fails");
                          }))
          .hasMessage("the host fails");
    }
  },
  CREATION {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .run(
              tx -> {
                visit.projects().projects().create(tx, NewProject.named("Apollo"));
                visit.assertOwn(tx, "plinth_app");
              });
    }
  },
  NOTIFICATION {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .run(
              tx -> {
                NewNotification news =
                    NewNotification.of(visit.member().userId(), "greeting", "Hello");
                visit.plinth().notifications().notify(tx, news);
                assertThat(visit.plinth().notifications().list(tx, PageRequest.first(100)).items())
                    .isNotEmpty()
                    .allMatch(told -> told.userId().equals(visit.member().userId()));
              });
    }
  },
  SYNC {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .run(
              tx -> {
                visit.projects().gitSync().sync(tx, visit.engine(), visit.git());
                visit.assertOwn(tx, "plinth_app");
              });
    }
  };

  abstract void make(Visit visit) throws SQLException;
}
