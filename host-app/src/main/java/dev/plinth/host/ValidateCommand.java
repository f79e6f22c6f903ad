package dev.plinth.host;

import java.io.PrintWriter;
import picocli.CommandLine.Command;

/** {@code plinth validate}. */
@Command(
    name = "validate",
    description = "Says whether the schemas are what this version works with; changes nothing.",
    mixinStandardHelpOptions = true)
final class ValidateCommand extends DatabaseCommand {

  @Override
  int work(Hosted hosted, PrintWriter out) {
    hosted.plinth().validate();
    hosted.printSchemas(out, "valid");
    return 0;
  }
}
