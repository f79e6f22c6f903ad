package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Project;
import dev.plinth.projects.project.Projects;
import dev.plinth.testing.Eventually;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import dev.plinth.testing.TestServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class ExampleTest {

  @Test
  void theExampleOfTheReadmeRuns() throws Exception {
    try (TestDatabase database = TestServer.shared().empty()) {
      try (var connection = database.owner().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE SCHEMA app; CREATE TABLE app.orders (text text)");
        statement.execute(
            "ALTER ROLE CURRENT_USER IN DATABASE " + database.name() + " SET search_path = app");
      }

      try (Plinth plinth = Example.embed(database.ownerPool())) {
        assertEquals(3, plinth.modules().size());
        Eventually.is("ordered and shipped", () -> orders(database) == 2);
      }
    }
  }

  private static int orders(TestDatabase database) {
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement();
        var count = statement.executeQuery("SELECT count(*) FROM app.orders")) {
      count.next();
      return count.getInt(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theTestKitWorksWithoutOurBuild(
      Plinth plinth, Projects projects, Organization acme, Member alice) {
    Project apollo = plinth.as(alice).call(tx -> projects.create(tx, NewProject.named("Apollo")));
    Project seen = plinth.as(alice).read(tx -> projects.get(tx, apollo.id()));

    assertEquals(apollo, seen);
  }
}
