package dev.plinth.base.error;

/** TLS is demanded, and this connection goes over a network without it. */
public final class InsecureConnectionException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final String where;

  /**
   * Reports it with its facts.
   *
   * @param where the host, or what stands in its place
   */
  public InsecureConnectionException(String where, String remedy) {
    super("TLS is required, and the connection to " + where + " has none: " + remedy, null);
    this.where = where;
  }

  /** The host, or what stands in its place. */
  public String where() {
    return where;
  }
}
