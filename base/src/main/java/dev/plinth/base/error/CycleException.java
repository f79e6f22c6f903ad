package dev.plinth.base.error;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Something would come before itself: be its own ancestor, or wait for itself. */
public final class CycleException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String what;
  private final UUID[] path;

  /** Reports it with its facts. */
  public CycleException(String what, List<UUID> path, @Nullable Throwable cause) {
    super(what + " would come before itself: " + joined(path), cause);
    this.what = what;
    this.path = path.toArray(UUID[]::new);
  }

  /** What was to be linked, in the words of the schema, such as {@code feature_request}. */
  public String what() {
    return what;
  }

  /** From the one that was changed, each followed by what it would depend on, back to itself. */
  public List<UUID> path() {
    return List.of(path);
  }

  private static String joined(List<UUID> path) {
    return path.stream().map(UUID::toString).collect(Collectors.joining(" > "));
  }
}
