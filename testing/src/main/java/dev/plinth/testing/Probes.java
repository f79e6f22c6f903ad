package dev.plinth.testing;

import dev.plinth.base.tenancy.TenantTx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a module's services, tried with the policies and without.
 *
 * @param <F> what {@link TenancyContract#fill} made
 */
public final class Probes<F> {

  /**
   * One call.
   *
   * @param <F> what {@link TenancyContract#fill} made
   */
  @FunctionalInterface
  public interface Probe<F> {

    /**
     * Calls a service.
     *
     * @param own what was made for the organization of {@code tx}
     * @param other what was made for another one
     */
    @Nullable Object run(TenantTx tx, F own, F other);
  }

  enum Kind {
    READ,
    ADMINISTRATION,
    WRITE,
    REFUSAL
  }

  record Named<F>(String name, Kind kind, Probe<F> probe) {}

  private final List<Named<F>> all = new ArrayList<>();

  Probes() {}

  /** A call that only reads: it returns the same without the policies. */
  public Probes<F> reads(String name, Probe<F> probe) {
    all.add(new Named<>(name, Kind.READ, probe));
    return this;
  }

  /**
   * A call that only reads, as {@link #reads}, and throws an exception of Plinth's for a member who
   * does not administer the organization.
   */
  public Probes<F> readsAsAdministrator(String name, Probe<F> probe) {
    all.add(new Named<>(name, Kind.ADMINISTRATION, probe));
    return this;
  }

  /**
   * A call that writes: without the policies, too, it changes nothing of the other organization.
   */
  public Probes<F> writes(String name, Probe<F> probe) {
    all.add(new Named<>(name, Kind.WRITE, probe));
    return this;
  }

  /** A call with ids of the other organization: it throws an exception of Plinth's either way. */
  public Probes<F> refuses(String name, Probe<F> probe) {
    all.add(new Named<>(name, Kind.REFUSAL, probe));
    return this;
  }

  List<Named<F>> all() {
    return all;
  }
}
