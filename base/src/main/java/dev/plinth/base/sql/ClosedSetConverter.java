package dev.plinth.base.sql;

import java.util.Locale;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/**
 * A closed set: lower-case text in SQL, an enum in Java. An unknown text is an error, never null.
 *
 * @param <E> the enum
 */
public final class ClosedSetConverter<E extends Enum<E>> extends AbstractConverter<String, E> {

  private static final long serialVersionUID = 1L;

  /** Converts to and from the constants of {@code set}. */
  public ClosedSetConverter(Class<E> set) {
    super(String.class, set);
  }

  @Override
  public @Nullable E from(@Nullable String text) {
    return text == null ? null : Enum.valueOf(toType(), text.toUpperCase(Locale.ROOT));
  }

  @Override
  public @Nullable String to(@Nullable E constant) {
    return constant == null ? null : text(constant);
  }

  /** The text that a constant is in SQL, and so in messages. */
  public static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
