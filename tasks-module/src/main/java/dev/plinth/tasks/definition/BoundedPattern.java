package dev.plinth.tasks.definition;

import com.networknt.schema.regex.RegularExpression;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A regular expression that gives up on a text it would take too long for: what a schema says must
 * not keep who enqueues busy for hours.
 */
final class BoundedPattern implements RegularExpression {

  /** Far more than an expression looks at that does not go back again and again. */
  private static final int STEPS = 5_000_000;

  private final Pattern pattern;

  BoundedPattern(String expression) {
    this.pattern = Pattern.compile(expression, Pattern.UNICODE_CHARACTER_CLASS);
  }

  @Override
  public boolean matches(String value) {
    return pattern.matcher(new Counted(value, new AtomicInteger(STEPS))).find();
  }

  /** An expression took more steps than any reasonable one. */
  static final class ExhaustedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ExhaustedException() {
      super("takes too long for a pattern");
    }
  }

  /** A text that may be looked at so many times. */
  private record Counted(CharSequence text, AtomicInteger left) implements CharSequence {

    @Override
    public char charAt(int index) {
      if (left.decrementAndGet() < 0) {
        throw new ExhaustedException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), left);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
