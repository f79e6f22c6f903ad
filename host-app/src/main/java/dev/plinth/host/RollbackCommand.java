package dev.plinth.host;

import dev.plinth.base.error.InvalidValueException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plinth rollback}. */
@Command(
    name = "rollback",
    description = "Takes migrations of a module back, newest first. Their data is lost.",
    mixinStandardHelpOptions = true)
final class RollbackCommand extends DatabaseCommand {

  @Parameters(index = "0", paramLabel = "MODULE", description = "Such as projects.")
  private String module = "";

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      description = "What the module is to be at afterwards; 0 drops its schema.")
  private int version;

  @Option(names = "--yes", description = "Required: says that the data may be lost.")
  private boolean sure;

  @Override
  void check() {
    if (!sure) {
      throw new InvalidValueException("--yes", "is required: what is taken back loses its data");
    }
  }

  @Override
  int work(Hosted hosted, PrintWriter out) {
    hosted.plinth().rollback(module, version);
    out.printf("%-20s is at version %d%n", module, version);
    return 0;
  }
}
