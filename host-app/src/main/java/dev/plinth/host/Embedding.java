package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Project;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.worker.TaskHandler;
import javax.sql.DataSource;

/** The example of the README, word for word: a test compares them, and runs it. */
final class Embedding {

  private Embedding() {}

  static Plinth embed(DataSource pool) {
    // README: begin
    ProjectsModule projects = new ProjectsModule();
    TasksModule tasks = new TasksModule();
    Plinth plinth =
        Plinth.builder()
            .dataSource(pool) // the host's pool; we never close what we did not open
            .modules(projects, tasks) // order is free; dependencies are checked here, by name
            .build(); // touches no database
    plinth.migrate(); // or validate(): fail if the schema is behind or ahead

    TaskHandler ship =
        task ->
            task.inTransaction( // commits with the task's completion: exactly once
                tx -> tx.asHost(host -> host.execute("INSERT INTO orders VALUES ('shipped')")));
    tasks.worker().handler("ship", ship).register(); // at any time, in any number of hosts
    plinth.start(); // workers and background jobs, until close()

    User alice =
        plinth.asSystem("setup").call(tx -> plinth.users().create(tx, NewUser.named("Alice")));
    NewOrganization details = NewOrganization.of("acme", "Acme Inc.").ownedBy(alice.id());
    Organization acme =
        plinth.asSystem("setup").call(tx -> plinth.organizations().create(tx, details));

    plinth
        .as(acme.id(), alice.id())
        .run(
            tx -> {
              Project apollo = projects.projects().create(tx, NewProject.named("Apollo"));
              tx.asHost(host -> host.execute("INSERT INTO orders VALUES ('for Apollo')"));
              tasks.taskDefinitions().define(tx, NewTaskDefinition.of("ship"));
              tasks.tasks().enqueue(tx, NewTask.of("ship").project(apollo.id()));
            }); // all, or nothing
    // README: end
    return plinth;
  }
}
