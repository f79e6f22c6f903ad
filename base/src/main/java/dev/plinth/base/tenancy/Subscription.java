package dev.plinth.base.tenancy;

/**
 * What a module wants to hear.
 *
 * @param type the events, subtypes included
 * @param listener runs at once, in the transaction that published; what it throws rolls that back
 * @param <E> the event
 */
public record Subscription<E extends DomainEvent>(Class<E> type, Listener<E> listener) {

  /**
   * Hears events of one type.
   *
   * @param <E> the event
   */
  @FunctionalInterface
  public interface Listener<E extends DomainEvent> {

    /** Hears one event; {@code tx} is the transaction that published it. */
    void on(Tx tx, E event);
  }

  void deliver(Tx tx, DomainEvent event) {
    if (type.isInstance(event)) {
      listener.on(tx, type.cast(event));
    }
  }
}
