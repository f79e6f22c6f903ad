package dev.plinth.projects.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.notification.Notification;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.notification.Subject;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.projects.Listening;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is told what, and what the other modules hear. */
@PlinthTest(ProjectsModule.class)
class FeatureRequestNewsTest {

  private Plinth plinth;
  private FeatureRequests requests;
  private FeatureRequestVotes votes;
  private Notifications notifications;
  private Member alice;
  private Member bob;
  private Member dave;
  private UUID project;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Projects projects,
      FeatureRequests requests,
      FeatureRequestVotes votes,
      Notifications notifications,
      Organization acme,
      Member alice,
      Member bob,
      Member dave) {
    this.plinth = plinth;
    this.requests = requests;
    this.votes = votes;
    this.notifications = notifications;
    this.alice = alice;
    this.bob = bob;
    this.dave = dave;
    this.project =
        plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo"))).id();
  }

  @Test
  void whoIsToDoItIsToldOnceForEachAssignment() {
    UUID id = create(alice);

    FeatureRequestChanges toBob = FeatureRequestChanges.none().assignee(bob.userId());
    plinth.as(alice).run(tx -> requests.update(tx, id, 1, toBob));
    plinth.as(alice).run(tx -> requests.update(tx, id, 2, toBob.title("Other")));
    plinth
        .as(alice)
        .run(
            tx ->
                requests.update(tx, id, 3, FeatureRequestChanges.none().assignee(alice.userId())));

    assertThat(told(bob))
        .singleElement()
        .satisfies(
            news -> {
              assertThat(news.type()).isEqualTo("feature_request.assigned");
              assertThat(news.title()).isEqualTo("Dark mode");
              assertThat(news.subject()).contains(new Subject("feature_request", id));
            });
    assertThat(told(alice)).isEmpty();
  }

  @Test
  void requesterAndVotersAreToldOfTheStatusAndWhoActsIsNot() {
    UUID id = create(bob);
    plinth.as(bob).run(tx -> votes.vote(tx, id));
    plinth.as(dave).run(tx -> votes.vote(tx, id));
    plinth.as(alice).run(tx -> votes.vote(tx, id));

    plinth.as(alice).run(tx -> requests.changeStatus(tx, id, 1, FeatureStatus.PLANNED));
    plinth.as(alice).run(tx -> requests.changeStatus(tx, id, 2, FeatureStatus.REJECTED));

    assertThat(told(bob))
        .extracting(Notification::type)
        .containsExactly("feature_request.rejected", "feature_request.planned");
    assertThat(told(dave)).hasSize(2);
    assertThat(told(alice)).isEmpty();
  }

  @Test
  void whoLeftIsNotTold(Members members) {
    UUID id = create(bob);
    plinth.as(dave).run(tx -> votes.vote(tx, id));
    plinth.as(alice).run(tx -> members.remove(tx, bob.userId(), bob.version()));

    plinth.as(alice).run(tx -> requests.changeStatus(tx, id, 1, FeatureStatus.PLANNED));

    assertThat(told(dave)).hasSize(1);
  }

  @Test
  void whatIsRolledBackWasNotTold() {
    UUID id = create(bob);

    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .run(
                        tx -> {
                          requests.changeStatus(tx, id, 1, FeatureStatus.PLANNED);
                          throw new IllegalStateException("host fails");
                        }))
        .hasMessage("host fails");

    assertThat(told(bob)).isEmpty();
  }

  @Test
  void tenThousandVotersAreToldByOneStatement(TestDatabase database) throws SQLException {
    UUID id = create(bob);
    vote(database, id, 10_000);

    plinth.as(alice).run(tx -> requests.changeStatus(tx, id, 1, FeatureStatus.PLANNED));

    assertThat(told(database, id)).isEqualTo(10_001);
  }

  @Test
  void theOtherModulesHearOfAllOfIt(TestDatabase database) {
    Listening listening = new Listening();
    FeatureRequestComments comments = new FeatureRequestComments();
    Plinth heard =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new ProjectsModule(), listening)
            .build();
    FeatureRequestChanges assigning = FeatureRequestChanges.none().assignee(alice.userId());
    UUID organization = alice.organizationId();
    UUID user = alice.userId();

    UUID[] ids = new UUID[2];
    heard
        .as(alice)
        .run(
            tx -> {
              ids[0] = requests.create(tx, project, NewFeatureRequest.titled("Dark mode")).id();
              requests.update(tx, ids[0], 1, assigning);
              requests.changeStatus(tx, ids[0], 2, FeatureStatus.PLANNED);
              ids[1] = comments.add(tx, ids[0], "Yes!").id();
              comments.edit(tx, ids[1], 1, "Please!");
              comments.delete(tx, ids[1], 2);
              votes.vote(tx, ids[0]);
              votes.vote(tx, ids[0]);
              votes.withdraw(tx, ids[0]);
              votes.withdraw(tx, ids[0]);
              requests.delete(tx, ids[0], 3);
            });

    assertThat(listening.heard())
        .containsExactly(
            new FeatureRequestCreated(organization, project, ids[0]),
            new FeatureRequestChanged(organization, ids[0]),
            new FeatureRequestAssigned(organization, ids[0], user),
            new FeatureRequestStatusChanged(
                organization, ids[0], FeatureStatus.PROPOSED, FeatureStatus.PLANNED),
            new FeatureRequestCommented(organization, ids[0], ids[1]),
            new FeatureRequestCommentEdited(organization, ids[0], ids[1]),
            new FeatureRequestCommentDeleted(organization, ids[0], ids[1]),
            new FeatureRequestVoted(organization, ids[0], user, BigDecimal.ONE),
            new FeatureRequestVoteWithdrawn(organization, ids[0], user),
            new FeatureRequestDeleted(organization, ids[0]));
  }

  private UUID create(Member as) {
    return plinth
        .as(as)
        .call(tx -> requests.create(tx, project, NewFeatureRequest.titled("Dark mode")))
        .id();
  }

  private List<Notification> told(Member member) {
    return plinth.as(member).read(tx -> notifications.list(tx, PageRequest.first(100))).items();
  }

  /** Members and votes of theirs, made behind the scenes. */
  private void vote(TestDatabase database, UUID request, int voters) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          WITH people AS (
            INSERT INTO plinth_base.users (username)
            SELECT 'voter ' || i FROM generate_series(1, %1$d) i RETURNING id),
          members AS (
            INSERT INTO plinth_base.organization_members (organization_id, user_id, role, display_name)
            SELECT '%2$s', id, 'developer', 'Voter' FROM people RETURNING user_id)
          SELECT count(*) FROM members
          """
              .formatted(voters, alice.organizationId()));
      statement.execute(
          """
          INSERT INTO plinth_projects.feature_request_votes (organization_id, feature_request_id, user_id)
          SELECT organization_id, '%2$s', user_id FROM plinth_base.organization_members
          WHERE organization_id = '%1$s' AND display_name = 'Voter'
          """
              .formatted(alice.organizationId(), request));
    }
  }

  private static int told(TestDatabase database, UUID request) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT count(*) FROM plinth_base.notifications WHERE subject_id = '"
                    + request
                    + "'")) {
      row.next();
      return row.getInt(1);
    }
  }
}
