package dev.plinth.host;

import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code plinth migrate}. */
@Command(
    name = "migrate",
    description = "Makes roles and schemas, or brings them up to this version.",
    mixinStandardHelpOptions = true)
final class MigrateCommand extends DatabaseCommand {

  @Override
  int work(Hosted hosted, PrintWriter out) {
    hosted.plinth().migrate();
    hosted.printSchemas(out, "migrated");
    return 0;
  }
}
