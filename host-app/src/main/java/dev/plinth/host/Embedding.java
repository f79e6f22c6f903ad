package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Project;
import javax.sql.DataSource;

/** The example of the README, word for word: a test compares them, and runs it. */
final class Embedding {

  private Embedding() {}

  static Project embed(DataSource pool) {
    // README: begin
    ProjectsModule projects = new ProjectsModule();
    Plinth plinth =
        Plinth.builder()
            .dataSource(pool) // the host's pool; we never close what we did not open
            .modules(projects) // order is free; dependencies are checked here, by name
            .build(); // touches no database
    plinth.migrate(); // or validate(): fail if the schema is behind or ahead

    User alice =
        plinth.asSystem("setup").call(tx -> plinth.users().create(tx, NewUser.named("Alice")));
    NewOrganization details = NewOrganization.of("acme", "Acme Inc.").ownedBy(alice.id());
    Organization acme =
        plinth.asSystem("setup").call(tx -> plinth.organizations().create(tx, details));

    Project apollo =
        plinth
            .as(acme.id(), alice.id())
            .call(
                tx -> {
                  Project created = projects.projects().create(tx, NewProject.named("Apollo"));
                  tx.asHost(host -> host.execute("INSERT INTO orders VALUES ('for Apollo')"));
                  return created; // all, or nothing
                });
    // README: end
    return apollo;
  }
}
