package dev.plinth.base.error;

import org.jspecify.annotations.Nullable;

/** The server is older than the oldest PostgreSQL that Plinth supports. */
public final class UnsupportedDatabaseException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final int serverVersion;
  private final int oldestSupported;

  /** Reports it with its facts. */
  public UnsupportedDatabaseException(
      int serverVersion, int oldestSupported, @Nullable Throwable cause) {
    super(
        "PostgreSQL "
            + serverVersion
            + " is not supported: Plinth needs "
            + oldestSupported
            + " or newer",
        cause);
    this.serverVersion = serverVersion;
    this.oldestSupported = oldestSupported;
  }

  /** The server version. */
  public int serverVersion() {
    return serverVersion;
  }

  /** The oldest supported. */
  public int oldestSupported() {
    return oldestSupported;
  }
}
