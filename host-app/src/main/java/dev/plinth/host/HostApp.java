package dev.plinth.host;

import dev.plinth.base.config.DatabaseSettings;
import dev.plinth.base.config.DatabaseUrl;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.error.Require;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The command line of the host. Without a subcommand it does the main job: it registers a git
 * repository with its real branches, measures its files and prints what is then in the database.
 */
@Command(
    name = "plinth",
    description =
        "Registers a git repository in a Plinth database, measures its files and prints what is there.",
    mixinStandardHelpOptions = true,
    version = "Plinth 0.1.0-SNAPSHOT",
    subcommands = {
      MigrateCommand.class,
      ValidateCommand.class,
      RollbackCommand.class,
      SeedCommand.class,
      PrintMigrationsCommand.class,
      HealthCommand.class
    })
public final class HostApp implements Callable<Integer> {

  private static final int FAILED = 1;

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "A directory in a git repository (default: the current one).")
  private Path repository = Path.of(".");

  @Option(
      names = "--organization",
      paramLabel = "SLUG",
      defaultValue = "acme",
      description =
          "The organization to work in; made if it is not there (default: ${DEFAULT-VALUE}).")
  private String organization = "acme";

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description =
          "postgresql://… or jdbc:postgresql://…; by default the environment variable DATABASE_URL;"
              + " the main job alone takes a throw-away PostgreSQL where that is not set.")
  private @Nullable String url;

  @Spec private @Nullable CommandSpec spec;

  private final Map<String, String> environment;

  HostApp(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Runs a command line; the exit code says how it went. */
  public static void main(String[] arguments) {
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(System.getenv(), out, err, arguments));
  }

  static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new HostApp(environment))
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command))
        .execute(arguments);
  }

  /**
   * What a user can do something about is one line; the rest is a fault of ours, with its trace.
   */
  private static int report(Exception failure, CommandLine command) throws Exception {
    if (failure instanceof PlinthException || failure instanceof InvalidValueException) {
      command.getErr().println("plinth: " + failure.getMessage());
      return FAILED;
    }
    throw failure;
  }

  @Override
  public Integer call() throws Exception {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    Progress progress = new Progress(command.getErr());
    Require.slug("--organization", organization);
    DatabaseSettings settings = settings();
    GitCheckout checkout = GitCheckout.at(repository);
    try (HostDatabase database =
        url(settings)
            .map(named -> HostDatabase.named(named, settings, progress))
            .orElseGet(() -> HostDatabase.throwAway(settings, progress))) {
      MainJob job = new MainJob(Hosted.on(database), progress);
      return job.run(organization, checkout, command.getOut()) ? 0 : FAILED;
    }
  }

  /** What the environment says; not of the URL, where {@code --url} says it. */
  DatabaseSettings settings() {
    Map<String, String> variables = new HashMap<>(environment);
    if (url != null) {
      variables.remove(HostDatabase.VARIABLE);
    }
    return DatabaseSettings.from(variables);
  }

  /** What {@code --url} says, else the environment; empty if neither does. */
  Optional<DatabaseUrl> url(DatabaseSettings settings) {
    if (url == null) {
      return settings.url();
    }
    if (url.isBlank()) {
      throw new InvalidValueException("--url", "is given, but empty");
    }
    return Optional.of(DatabaseUrl.parse(url));
  }
}
