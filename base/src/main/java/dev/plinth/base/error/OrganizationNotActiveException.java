package dev.plinth.base.error;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The organization is suspended or archived: nobody works in it. */
public final class OrganizationNotActiveException extends PlinthException {

  private static final long serialVersionUID = 1L;

  private final UUID organizationId;
  private final String status;

  /** Reports it with its facts. */
  public OrganizationNotActiveException(
      UUID organizationId, String status, @Nullable Throwable cause) {
    super("Organization " + organizationId + " is " + status, cause);
    this.organizationId = organizationId;
    this.status = status;
  }

  /** The organization id. */
  public UUID organizationId() {
    return organizationId;
  }

  /** The status. */
  public String status() {
    return status;
  }
}
