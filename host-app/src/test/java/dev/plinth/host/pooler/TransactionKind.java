package dev.plinth.host.pooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.audit.AuditAction;
import dev.plinth.base.audit.AuditFilter;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.invitation.NewInvitation;
import dev.plinth.base.job.JobState;
import dev.plinth.base.notification.NewNotification;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.feature.FeatureRequestFilter;
import dev.plinth.projects.feature.FeatureRequests;
import dev.plinth.projects.feature.NewFeatureRequest;
import dev.plinth.projects.project.NewProject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

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
  SERVICE_READ {
    @Override
    void make(Visit visit) {
      visit
          .plinth()
          .asService(visit.member().organizationId(), "indexer")
          .read(tx -> visit.assertOwn(tx, "plinth_reader"));
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
  SYSTEM_READ {
    @Override
    void make(Visit visit) {
      visit
          .plinth()
          .asSystem("counting")
          .read(
              tx -> {
                String state = tx.dsl().fetchSingle(Visit.STATE).get(0, String.class);
                assertThat(state).startsWith("plinth_system|||");
                return Visit.assertReadOnly(tx);
              });
    }
  },
  /** The replica is the same server here. */
  REPLICA {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .readReplica(
              tx -> {
                visit.assertOwn(tx, "plinth_reader");
                return Visit.assertReadOnly(tx);
              });
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
  },
  SEARCH {
    @Override
    void make(Visit visit) {
      visit
          .asMember()
          .run(
              tx -> {
                UUID project =
                    visit.projects().projects().create(tx, NewProject.named("Gemini")).id();
                FeatureRequests requests = visit.projects().featureRequests();
                requests.create(tx, project, NewFeatureRequest.titled("A dark mode"));
                assertThat(
                        requests
                            .search(tx, "dark", FeatureRequestFilter.all(), PageRequest.first(100))
                            .items())
                    .isNotEmpty()
                    .allMatch(found -> found.organizationId().equals(tx.organizationId()));
              });
    }
  },
  /** Of the audit log's entries about invitations. */
  AUDITED_READ {
    @Override
    void make(Visit visit) {
      AuditFilter invitations = AuditFilter.all().ofType("plinth_base.invitations");
      visit
          .asMember()
          .run(
              tx -> {
                String email = UUID.randomUUID() + "@example.org";
                NewInvitation invitation = NewInvitation.of(email, MemberRole.TESTER);
                visit.plinth().invitations().invite(tx, invitation);
                visit.plinth().audit().list(tx, invitations, PageRequest.first(100));
                assertThat(
                        visit
                            .plinth()
                            .audit()
                            .list(tx, invitations, PageRequest.first(100))
                            .items())
                    .anyMatch(entry -> entry.action() == AuditAction.READ)
                    .allMatch(entry -> entry.organizationId().equals(tx.organizationId()));
              });
    }
  },
  /** One at a time, as a job's lease has it. */
  JOB {
    @Override
    synchronized void make(Visit visit) {
      JobState state = visit.plinth().jobs().runNow("base.partition-maintenance");
      assertThat(state.lastError()).isEmpty();
      assertThat(state.leaseHolder()).isEmpty();
    }
  };

  abstract void make(Visit visit) throws SQLException;
}
