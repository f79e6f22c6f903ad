package dev.plinth.projects.git;

import dev.plinth.base.error.PlinthException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** There is no git repository at a path, or none that can be read. */
public final class NotARepositoryException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final transient Path path;

  /** Reports it with its facts. */
  public NotARepositoryException(Path path, String reason, @Nullable Throwable cause) {
    super(path + " is no git repository that can be read: " + reason, cause);
    this.path = path;
  }

  /** Where it was looked for. */
  public Path path() {
    return path;
  }
}
