package dev.plinth.host;

import dev.plinth.base.Plinth;
import picocli.CommandLine.Command;

/** {@code plinth validate}. */
@Command(
    name = "validate",
    description = "Says whether the schemas are what this version works with; changes nothing.",
    mixinStandardHelpOptions = true)
final class ValidateCommand extends SchemaCommand {

  @Override
  String work(Plinth plinth) {
    plinth.validate();
    return "valid";
  }
}
