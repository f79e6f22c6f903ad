package dev.plinth.base.tenancy;

/** A transaction across organizations: administration and discovery. */
public final class SystemTx extends Tx {

  private final String reason;

  SystemTx(Session session, String reason) {
    super(session);
    this.reason = reason;
  }

  /** Why it was opened. */
  public String reason() {
    return reason;
  }
}
