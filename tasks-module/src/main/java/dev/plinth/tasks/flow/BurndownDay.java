package dev.plinth.tasks.flow;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * How things stood at the end of a day, and what changed on it. What is cancelled or deleted is out
 * of scope from then on, and not before. Changes are netted for each item and day: what came and
 * went on one day shows nowhere. So {@code scope = yesterday's scope + added − removed}, and {@code
 * remaining = scope − done}, for items as for points.
 *
 * @param scope all that is to be done or done
 * @param remaining what is to be done
 * @param added what came into the scope: made, moved in, revived, estimated higher
 * @param removed what left it: deleted, moved out, cancelled, estimated lower
 * @param completed how many items became done
 * @param reopened how many were done the day before and are not any more, in this scope
 * @param inProgress how many items are being worked on
 * @param delayed how many items are open after their end
 */
public record BurndownDay(
    LocalDate day,
    Amount scope,
    Amount remaining,
    Amount added,
    Amount removed,
    int completed,
    int reopened,
    int inProgress,
    int delayed) {

  /**
   * How much work.
   *
   * @param points as they were estimated then; items without an estimate have none
   */
  public record Amount(int items, BigDecimal points) {}
}
