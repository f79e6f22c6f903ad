package dev.plinth.base.error;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The read replica does not know yet what the primary knows: the organization, or that the user may
 * enter it. Read from the primary, or try again later.
 */
public final class ReplicaLagException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration lag;

  /**
   * Reports it with its facts.
   *
   * @param lag how old the last transaction is that the replica has seen, or null if unknown
   */
  public ReplicaLagException(@Nullable Duration lag, @Nullable Throwable cause) {
    super(
        "The read replica lags: the primary lets this user in already"
            + (lag == null ? "" : "; the replica's last transaction is of " + lag + " ago"),
        cause);
    this.lag = lag;
  }

  /**
   * How old the last transaction is that the replica has seen: no more than a hint, for on a
   * primary where little happens it is long ago. Empty if the replica saw none since it started.
   */
  public Optional<Duration> lag() {
    return Optional.ofNullable(lag);
  }
}
