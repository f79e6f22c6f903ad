package dev.plinth.base.sql;

import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/**
 * An ordered set: a number from 1 in SQL, so that ORDER BY works, an enum in the same order in
 * Java.
 *
 * @param <E> the enum
 */
@SuppressWarnings("EnumOrdinal") // the order is what is stored
public final class RankConverter<E extends Enum<E>> extends AbstractConverter<Short, E> {

  private static final long serialVersionUID = 1L;

  /** Converts to and from the constants of {@code set}, the first of which is 1. */
  public RankConverter(Class<E> set) {
    super(Short.class, set);
  }

  @Override
  public @Nullable E from(@Nullable Short rank) {
    return rank == null ? null : toType().getEnumConstants()[rank - 1];
  }

  @Override
  public @Nullable Short to(@Nullable E constant) {
    return constant == null ? null : (short) (constant.ordinal() + 1);
  }
}
