package dev.plinth.host;

import dev.plinth.base.error.Require;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code plinth seed}. */
@Command(
    name = "seed",
    description = {
      "Fills an organization with development data of every module.",
      "Running it again adds nothing."
    },
    mixinStandardHelpOptions = true)
final class SeedCommand extends DatabaseCommand {

  @Option(
      names = "--organization",
      paramLabel = "SLUG",
      defaultValue = "demo",
      description = "Which one; made if it is not there (default: ${DEFAULT-VALUE}).")
  private String organization = "demo";

  @Override
  void check() {
    Require.slug("--organization", organization);
  }

  @Override
  int work(Hosted hosted, PrintWriter out) throws Exception {
    new Seed(hosted, organization).plant();
    out.printf("%-20s %s%n", organization, "seeded");
    return 0;
  }
}
