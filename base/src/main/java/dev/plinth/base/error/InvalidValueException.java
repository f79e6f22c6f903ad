package dev.plinth.base.error;

/** An argument that cannot be right, whatever the database holds; thrown before any statement. */
public final class InvalidValueException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String component;

  /** Reports the component and what is expected of it. */
  public InvalidValueException(String component, String expected) {
    super(component + " " + expected);
    this.component = component;
  }

  /** The record component or parameter at fault. */
  public String component() {
    return component;
  }
}
