package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.projects.ProjectsModule;
import java.io.PrintWriter;
import javax.sql.DataSource;

/** What this host embeds: every module, on one database. */
record Hosted(Plinth plinth, ProjectsModule projects) {

  static Hosted on(DataSource dataSource) {
    ProjectsModule projects = new ProjectsModule();
    return new Hosted(Plinth.builder().dataSource(dataSource).modules(projects).build(), projects);
  }

  /** Says of the schema of every module what was done to it. */
  void printSchemas(PrintWriter out, String done) {
    plinth.modules().forEach(module -> out.printf("%-20s %s%n", module.schema(), done));
  }
}
