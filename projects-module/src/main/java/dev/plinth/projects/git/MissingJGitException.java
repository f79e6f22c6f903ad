package dev.plinth.projects.git;

import dev.plinth.base.error.PlinthException;
import org.jspecify.annotations.Nullable;

/** JGit, which is optional, is not on the class path. */
public final class MissingJGitException extends PlinthException {

  private static final long serialVersionUID = 1L;

  /** Reports what is missing. */
  public MissingJGitException(@Nullable Throwable cause) {
    super(
        "Reading git repositories needs org.eclipse.jgit:org.eclipse.jgit on the class path, which"
            + " plinth-projects-module leaves to the host: add it as a dependency",
        cause);
  }
}
