package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.tasks.TasksModule;
import java.io.PrintWriter;
import java.time.InstantSource;

/** What this host embeds: every module, on one database. */
record Hosted(HostDatabase database, Plinth plinth, ProjectsModule projects, TasksModule tasks) {

  static Hosted on(HostDatabase database) {
    return on(database, database.plinth());
  }

  /** The same by another clock: for what is to have happened at another time. */
  Hosted at(InstantSource clock) {
    return on(database, database.plinth().clock(clock));
  }

  private static Hosted on(HostDatabase database, Plinth.Builder plinth) {
    ProjectsModule projects = new ProjectsModule();
    TasksModule tasks = new TasksModule();
    return new Hosted(database, plinth.modules(projects, tasks).build(), projects, tasks);
  }

  /** Says of the schema of every module what was done to it. */
  void printSchemas(PrintWriter out, String done) {
    plinth.modules().forEach(module -> out.printf("%-20s %s%n", module.schema(), done));
  }
}
