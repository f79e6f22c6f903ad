package dev.plinth.tasks.worker;

import dev.plinth.base.tenancy.Scope;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.tenancy.TxWork;
import dev.plinth.tasks.definition.InputRules;
import dev.plinth.tasks.worker.Stop.Reason;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a task that this worker holds. Whoever ends it first, the handler or the watch,
 * says what it came to.
 */
final class Attempt implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  private final Claim claim;
  private final Shop shop;
  private final Trail trail;
  private final Stop stop = new Stop();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean completing = new AtomicBoolean();

  private volatile boolean running;
  private volatile boolean abandoned;
  private volatile boolean doubted;
  private boolean left;
  private boolean settled;
  private volatile long startedNanos;
  private volatile long extendedNanos;

  Attempt(Claim claim, Shop shop) {
    this.claim = claim;
    this.shop = shop;
    this.trail = new Trail(claim::at);
    this.startedNanos = claim.claimedNanos();
    this.extendedNanos = claim.claimedNanos();
  }

  Claim claim() {
    return claim;
  }

  Trail trail() {
    return trail;
  }

  Stop stop() {
    return stop;
  }

  boolean running() {
    return running;
  }

  boolean ended() {
    return ended.get();
  }

  long startedNanos() {
    return startedNanos;
  }

  /** When the lease was last extended, by {@link System#nanoTime()}. */
  long extendedNanos() {
    return extendedNanos;
  }

  void extended(long nanos) {
    extendedNanos = nanos;
  }

  /** Somebody says that it was cancelled; whether that is so, the database says. */
  void doubt() {
    doubted = true;
  }

  /** Whether to ask the database about it; once. */
  boolean takeDoubt() {
    boolean was = doubted;
    doubted = false;
    return was;
  }

  /** True the first time: the handler's thread is given up. */
  synchronized boolean abandon() {
    boolean first = running && !abandoned;
    abandoned |= running;
    return first;
  }

  /** It never begins here. */
  void giveBack() {
    end(verdict().released());
    leave();
  }

  @Override
  public void run() {
    startedNanos = System.nanoTime();
    try {
      begin();
    } catch (Throwable e) {
      LOG.error("Task {} of {} broke off", claim.id(), claim.kind().definition(), e);
      end(verdict().broken());
    } finally {
      release();
    }
  }

  private void begin() {
    @Nullable TaskHandler handler = shop.handler(claim.kind().handler());
    if (stop.reason().isPresent()) {
      end(verdict().cutShort(stop.reason().get()));
    } else if (handler == null) {
      end(verdict().unhandled());
    } else if (claim.deadline() != null && !claim.at(startedNanos).isBefore(claim.deadline())) {
      end(verdict().deadlinePassed());
    } else {
      handle(handler);
    }
  }

  /** The thread is free again. */
  private void release() {
    synchronized (this) {
      running = false;
      if (abandoned) {
        shop.returned();
      }
    }
    leave();
  }

  /** No thread is with it any more. */
  void leave() {
    boolean first;
    synchronized (this) {
      first = !left;
      left = true;
    }
    if (first) {
      shop.left(this);
      forgetIfDone();
    }
  }

  /** Its end is written, or was refused. */
  void settled() {
    synchronized (this) {
      settled = true;
    }
    forgetIfDone();
  }

  synchronized boolean isSettled() {
    return settled;
  }

  private void forgetIfDone() {
    synchronized (this) {
      if (!left || !settled) {
        return;
      }
    }
    shop.forget(this);
  }

  private void handle(TaskHandler handler) {
    Meter meter = Meter.start();
    running = true;
    try {
      @Nullable Object output = called(handler);
      trail.measured(meter.stop());
      returned(output);
    } catch (Throwable e) {
      trail.measured(meter.stop());
      threw(e);
    }
  }

  private @Nullable Object called(TaskHandler handler) throws Exception {
    if (claim.schema() != null) {
      InputRules.check(claim.kind().definition(), Json.object(claim.schema()), claim.input());
    }
    stop.handlerBegins();
    try {
      return handler.handle(new TaskContext(this));
    } finally {
      stop.handlerEnds();
    }
  }

  private void returned(@Nullable Object output) {
    if (ended()) {
      return;
    }
    Verdict verdict = verdict();
    try {
      end(
          stop.cutShort(false)
              .map(verdict::cutShort)
              .orElse(verdict.succeeded(Json.write(output))));
    } catch (Json.NoJsonException e) {
      end(verdict.noJson(e));
    }
  }

  private void threw(Throwable thrown) {
    if (ended()) {
      LOG.debug("Task {} threw after its end", claim.id(), thrown);
      return;
    }
    Verdict verdict = verdict();
    end(
        stop.cutShort(true)
            .map(verdict::cutShort)
            .orElseGet(() -> verdict.threw(thrown, shop.neverRetried())));
    if (thrown instanceof VirtualMachineError) {
      LOG.error("Task {} of {} broke off", claim.id(), claim.kind().definition(), thrown);
    }
  }

  Verdict verdict() {
    return new Verdict(claim, trail, claim.at(startedNanos), claim.at(System.nanoTime()));
  }

  /** Says what it came to, unless that was said already. */
  void end(Ending ending) {
    if (ended.compareAndSet(false, true)) {
      if (stop.reason().filter(Reason.LEASE_LOST::equals).isPresent()) {
        shop.refused(claim);
      } else {
        shop.end(ending);
      }
    }
  }

  Scope<TenantTx> transactions() {
    return shop.transactions(claim.organization(), "task " + claim.kind().definition());
  }

  <T extends @Nullable Object, X extends Exception> T inTransaction(TxWork<TenantTx, T, X> work)
      throws X {
    if (!completing.compareAndSet(false, true)) {
      throw new IllegalStateException("inTransaction() completes the task: it is called once");
    }
    boolean committed = false;
    try {
      T result = transactions().call(tx -> complete(tx, work.apply(tx)));
      committed = true;
      return result;
    } finally {
      if (!committed) {
        trail.log().reopen();
        completing.set(false);
      } else if (ended.compareAndSet(false, true)) {
        shop.written(verdict().succeeded(null));
      }
    }
  }

  private <T extends @Nullable Object> T complete(TenantTx tx, T result) {
    try {
      Ending ending = verdict().succeeded(Json.write(result));
      if (ended() || !shop.complete(tx, ending)) {
        throw new LeaseLostException(claim.id());
      }
      return result;
    } catch (Json.NoJsonException e) {
      throw new PermanentFailureException(String.valueOf(e.getMessage()), e);
    }
  }
}
