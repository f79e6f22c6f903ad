package dev.plinth.base.sql;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids made in Java, for what is written in bulk: RFC 9562, version 7, with 12 bits of the fraction
 * of the millisecond (method 3 of its section 6.2), as the database makes them. Those made one
 * after another in this JVM ascend, whatever the time says; only a clock set back by more than a
 * minute begins anew. For telling rows apart, not for secrets. Thread-safe.
 */
public final class UuidV7 {

  private static final AtomicLong LAST = new AtomicLong();

  private static final int FRACTION_BITS = 12;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MINUTE = 60_000L << FRACTION_BITS;
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long BELOW_VARIANT = 0x3FFF_FFFF_FFFF_FFFFL;

  private UuidV7() {}

  /**
   * The next id.
   *
   * @param now the time of the transaction
   */
  public static UUID next(Instant now) {
    long fraction = ((now.getNano() % NANOS_PER_MILLI) << FRACTION_BITS) / NANOS_PER_MILLI;
    long tick = now.toEpochMilli() << FRACTION_BITS | fraction;
    long own = LAST.updateAndGet(last -> follows(tick, last) ? tick : last + 1);
    long most = own >>> FRACTION_BITS << 16 | VERSION | own & 0xFFF;
    return new UUID(most, VARIANT | ThreadLocalRandom.current().nextLong() & BELOW_VARIANT);
  }

  private static boolean follows(long tick, long last) {
    return tick > last || last - tick > MINUTE;
  }
}
