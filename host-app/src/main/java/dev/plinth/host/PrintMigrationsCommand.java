package dev.plinth.host;

import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code plinth print-migrations}. */
@Command(
    name = "print-migrations",
    description = {
      "Prints the SQL that migrate would run on this database now, for a DBA.",
      "Changes nothing; the owner of the schemas runs it with psql -f."
    },
    mixinStandardHelpOptions = true)
final class PrintMigrationsCommand extends DatabaseCommand {

  @Override
  int work(Hosted hosted, PrintWriter out) {
    out.print(hosted.plinth().printMigrations());
    return 0;
  }
}
