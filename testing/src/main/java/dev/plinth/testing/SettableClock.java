package dev.plinth.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test sets: it ticks until frozen, and moves when told. Thread-safe. */
public final class SettableClock implements InstantSource {

  private volatile InstantSource source = Clock.systemUTC();

  @Override
  public Instant instant() {
    return source.instant();
  }

  /** Stands still at a time. */
  public synchronized void freezeAt(Instant time) {
    source = InstantSource.fixed(time);
  }

  /** Moves on by a duration, or back by a negative one; goes on ticking if it ticked. */
  public synchronized void advance(Duration duration) {
    InstantSource earlier = source;
    source = () -> earlier.instant().plus(duration);
  }

  /** Tells the real time again. */
  public synchronized void reset() {
    source = Clock.systemUTC();
  }
}
