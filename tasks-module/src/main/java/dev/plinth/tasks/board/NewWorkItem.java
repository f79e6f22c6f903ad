package dev.plinth.tasks.board;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A work item to be made. {@link #task}, {@link #story} and {@link #epic} are enough.
 *
 * @param title 1 to 200 characters
 * @param description at most 20,000 characters, empty for none
 * @param project of a project, or null; where the projects module is not installed, any id is taken
 * @param parent what it is part of, or null
 * @param schedule when it is planned
 * @param points how big it is, from 0 to 999,999.99, or null
 * @param metadata the host's own
 */
public record NewWorkItem(
    WorkItemKind kind,
    String title,
    String description,
    @Nullable UUID project,
    @Nullable UUID parent,
    Priority priority,
    Assignment assignment,
    Schedule schedule,
    @Nullable BigDecimal points,
    Map<String, Object> metadata) {

  static final int TITLE_LENGTH = 200;
  static final int DESCRIPTION_LENGTH = 20_000;
  private static final int POINTS_SCALE = 2;
  private static final BigDecimal MOST_POINTS = new BigDecimal("999999.99");

  /** Checks the components. */
  public NewWorkItem {
    title = Require.text("title", title, TITLE_LENGTH);
    description = Require.optionalText("description", description, DESCRIPTION_LENGTH);
    points = checkedPoints(points);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A task of medium priority, for whoever likes. */
  public static NewWorkItem task(String title) {
    return of(WorkItemKind.TASK, title);
  }

  /** A story, as {@link #task}. */
  public static NewWorkItem story(String title) {
    return of(WorkItemKind.STORY, title);
  }

  /** An epic, as {@link #task}. */
  public static NewWorkItem epic(String title) {
    return of(WorkItemKind.EPIC, title);
  }

  /** An item of any kind, as {@link #task}. */
  public static NewWorkItem of(WorkItemKind kind, String title) {
    return new NewWorkItem(
        kind,
        title,
        "",
        null,
        null,
        Priority.MEDIUM,
        Assignment.toNobody(),
        Schedule.open(),
        null,
        Map.of());
  }

  /** The same with a description. */
  public NewWorkItem description(String text) {
    return new NewWorkItem(
        kind, title, text, project, parent, priority, assignment, schedule, points, metadata);
  }

  /** The same of a project. */
  public NewWorkItem project(UUID id) {
    return new NewWorkItem(
        kind, title, description, id, parent, priority, assignment, schedule, points, metadata);
  }

  /** The same as a part of another. */
  public NewWorkItem partOf(UUID whole) {
    return new NewWorkItem(
        kind, title, description, project, whole, priority, assignment, schedule, points, metadata);
  }

  /** The same with another priority. */
  public NewWorkItem priority(Priority other) {
    return new NewWorkItem(
        kind, title, description, project, parent, other, assignment, schedule, points, metadata);
  }

  /** The same for somebody. */
  public NewWorkItem assigned(Assignment to) {
    return new NewWorkItem(
        kind, title, description, project, parent, priority, to, schedule, points, metadata);
  }

  /** The same with an end, and no planned beginning. */
  public NewWorkItem endingAt(Instant end) {
    return scheduled(new Schedule(null, end));
  }

  /** The same planned for some time. */
  public NewWorkItem scheduled(Schedule other) {
    return new NewWorkItem(
        kind, title, description, project, parent, priority, assignment, other, points, metadata);
  }

  /** The same with an estimate. */
  public NewWorkItem points(long estimate) {
    return points(BigDecimal.valueOf(estimate));
  }

  /** The same with an estimate. */
  public NewWorkItem points(BigDecimal estimate) {
    return new NewWorkItem(
        kind,
        title,
        description,
        project,
        parent,
        priority,
        assignment,
        schedule,
        estimate,
        metadata);
  }

  /** The same with metadata. */
  public NewWorkItem metadata(Map<String, Object> hosts) {
    return new NewWorkItem(
        kind, title, description, project, parent, priority, assignment, schedule, points, hosts);
  }

  static @Nullable BigDecimal checkedPoints(@Nullable BigDecimal points) {
    if (points == null) {
      return null;
    }
    if (points.signum() < 0 || points.compareTo(MOST_POINTS) > 0) {
      throw new InvalidValueException("points", "must be between 0 and " + MOST_POINTS);
    }
    if (points.stripTrailingZeros().scale() > POINTS_SCALE) {
      throw new InvalidValueException("points", "must have two decimal places at most");
    }
    return points.setScale(POINTS_SCALE, RoundingMode.UNNECESSARY);
  }
}
