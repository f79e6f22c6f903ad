package dev.plinth.host;

import dev.plinth.base.Plinth;
import picocli.CommandLine.Command;

/** {@code plinth migrate}. */
@Command(
    name = "migrate",
    description = "Makes roles and schemas, or brings them up to this version.",
    mixinStandardHelpOptions = true)
final class MigrateCommand extends SchemaCommand {

  @Override
  String work(Plinth plinth) {
    plinth.migrate();
    return "migrated";
  }
}
