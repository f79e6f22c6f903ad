package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.projects.ProjectsModule;
import java.io.PrintWriter;

/** What this host embeds: every module, on one database. */
record Hosted(Plinth plinth, ProjectsModule projects) {

  static Hosted on(HostDatabase database) {
    ProjectsModule projects = new ProjectsModule();
    return new Hosted(database.plinth().modules(projects).build(), projects);
  }

  /** Says of the schema of every module what was done to it. */
  void printSchemas(PrintWriter out, String done) {
    plinth.modules().forEach(module -> out.printf("%-20s %s%n", module.schema(), done));
  }
}
