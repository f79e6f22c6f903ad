package dev.plinth.host;

import dev.plinth.base.config.DatabaseSettings;
import dev.plinth.base.config.DatabaseUrl;
import dev.plinth.base.error.InvalidValueException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands on a database that is there have in common: they never make one. */
abstract sealed class DatabaseCommand implements Callable<Integer>
    permits MigrateCommand,
        ValidateCommand,
        RollbackCommand,
        SeedCommand,
        PrintMigrationsCommand,
        HealthCommand {

  @ParentCommand private @Nullable HostApp host;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public final Integer call() throws Exception {
    HostApp app = Objects.requireNonNull(host);
    DatabaseSettings settings = app.settings();
    DatabaseUrl url =
        app.url(settings)
            .orElseThrow(
                () ->
                    new InvalidValueException(
                        "--url", "is required, or the variable " + HostDatabase.VARIABLE));
    check();
    var command = Objects.requireNonNull(spec).commandLine();
    Progress progress = new Progress(command.getErr());
    try (HostDatabase database = HostDatabase.named(url, settings, progress)) {
      int code = work(Hosted.on(database), command.getOut());
      command.getOut().flush();
      return code;
    }
  }

  /** Refuses arguments that make no sense, before a connection is made. */
  void check() {}

  /** Does it; what it returns is how the command ends. */
  abstract int work(Hosted hosted, PrintWriter out) throws Exception;
}
