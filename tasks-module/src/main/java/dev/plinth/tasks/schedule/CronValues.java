package dev.plinth.tasks.schedule;

/**
 * The values of one field.
 *
 * @param bits the value 5 is the bit 5
 * @param wild whether the field began with {@code *}
 */
record CronValues(long bits, boolean wild) {

  /** What {@link #nextOrSame} returns after the last one. */
  static final int NONE = Long.SIZE;

  static CronValues only(int value) {
    return new CronValues(1L << value, false);
  }

  boolean has(int value) {
    return (bits >>> value & 1) == 1;
  }

  int first() {
    return nextOrSame(0);
  }

  int nextOrSame(int value) {
    return Long.numberOfTrailingZeros(bits & -1L << value);
  }
}
