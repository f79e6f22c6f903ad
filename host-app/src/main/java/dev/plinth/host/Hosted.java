package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.tasks.TasksModule;
import java.io.PrintWriter;

/** What this host embeds: every module, on one database. */
record Hosted(Plinth plinth, ProjectsModule projects, TasksModule tasks) {

  static Hosted on(HostDatabase database) {
    ProjectsModule projects = new ProjectsModule();
    TasksModule tasks = new TasksModule();
    return new Hosted(database.plinth().modules(projects, tasks).build(), projects, tasks);
  }

  /** Says of the schema of every module what was done to it. */
  void printSchemas(PrintWriter out, String done) {
    plinth.modules().forEach(module -> out.printf("%-20s %s%n", module.schema(), done));
  }
}
