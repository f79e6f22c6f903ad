package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.module.ModuleDescriptor;
import dev.plinth.projects.ProjectsModule;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands on the schemas of a database have in common. */
abstract sealed class SchemaCommand implements Callable<Integer>
    permits MigrateCommand, ValidateCommand {

  @ParentCommand private @Nullable HostApp host;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public final Integer call() {
    String url =
        Objects.requireNonNull(host)
            .namedUrl()
            .orElseThrow(
                () ->
                    new InvalidValueException(
                        "--url", "is required, or the variable " + HostDatabase.VARIABLE));
    var command = Objects.requireNonNull(spec).commandLine();
    Progress progress = new Progress(command.getErr());
    try (HostDatabase database = HostDatabase.named(url, progress)) {
      Plinth plinth =
          Plinth.builder().dataSource(database.dataSource()).modules(new ProjectsModule()).build();
      String done = work(plinth);
      for (ModuleDescriptor module : plinth.modules()) {
        command.getOut().printf("%-20s %s%n", module.schema(), done);
      }
    }
    return 0;
  }

  /** Does it, and says in one word what was done. */
  abstract String work(Plinth plinth);
}
