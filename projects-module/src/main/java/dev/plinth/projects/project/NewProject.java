package dev.plinth.projects.project;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A project to be made. {@link #named} is enough; the rest is said where it differs.
 *
 * @param key 2 to 10 upper-case letters and digits, a letter first; null to derive one from the
 *     name
 * @param name 1 to 200 characters
 * @param status planning or active
 * @param targetDate not before the start date
 * @param owner a member; null for who acts
 * @param workspace one of the organization's; null for none
 * @param tags at most 50 of 1 to 50 characters; each is kept once
 * @param metadata the host's own
 */
public record NewProject(
    @Nullable String key,
    String name,
    String description,
    String goals,
    ProjectStatus status,
    Priority priority,
    @Nullable LocalDate startDate,
    @Nullable LocalDate targetDate,
    @Nullable UUID owner,
    @Nullable UUID workspace,
    List<String> tags,
    Map<String, Object> metadata) {

  static final int NAME_LENGTH = 200;
  static final int TEXT_LENGTH = 20_000;
  private static final int TAGS = 50;
  private static final int TAG_LENGTH = 50;

  /** Checks the components. */
  public NewProject {
    key = ProjectKeys.checked(key);
    name = Require.text("name", name, NAME_LENGTH);
    description = Require.optionalText("description", description, TEXT_LENGTH);
    goals = Require.optionalText("goals", goals, TEXT_LENGTH);
    if (!status.canBeFirst()) {
      throw new InvalidValueException("status", "of a new project must be planning or active");
    }
    requireOrder(startDate, targetDate);
    tags = checkedTags(tags);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A project in planning, of medium priority, whose key is derived from its name. */
  public static NewProject named(String name) {
    return new NewProject(
        null,
        name,
        "",
        "",
        ProjectStatus.PLANNING,
        Priority.MEDIUM,
        null,
        null,
        null,
        null,
        List.of(),
        Map.of());
  }

  /** The same with a key of its own. */
  public NewProject key(String chosen) {
    return new NewProject(
        chosen,
        name,
        description,
        goals,
        status,
        priority,
        startDate,
        targetDate,
        owner,
        workspace,
        tags,
        metadata);
  }

  /** The same with a description. */
  public NewProject description(String text) {
    return new NewProject(
        key,
        name,
        text,
        goals,
        status,
        priority,
        startDate,
        targetDate,
        owner,
        workspace,
        tags,
        metadata);
  }

  /** The same with goals. */
  public NewProject goals(String text) {
    return new NewProject(
        key,
        name,
        description,
        text,
        status,
        priority,
        startDate,
        targetDate,
        owner,
        workspace,
        tags,
        metadata);
  }

  /** The same, beginning as planning or active. */
  public NewProject status(ProjectStatus first) {
    return new NewProject(
        key,
        name,
        description,
        goals,
        first,
        priority,
        startDate,
        targetDate,
        owner,
        workspace,
        tags,
        metadata);
  }

  /** The same with another priority. */
  public NewProject priority(Priority other) {
    return new NewProject(
        key,
        name,
        description,
        goals,
        status,
        other,
        startDate,
        targetDate,
        owner,
        workspace,
        tags,
        metadata);
  }

  /** The same with dates. */
  public NewProject dates(@Nullable LocalDate start, @Nullable LocalDate target) {
    return new NewProject(
        key,
        name,
        description,
        goals,
        status,
        priority,
        start,
        target,
        owner,
        workspace,
        tags,
        metadata);
  }

  /** The same with an owner. */
  public NewProject ownedBy(UUID user) {
    return new NewProject(
        key,
        name,
        description,
        goals,
        status,
        priority,
        startDate,
        targetDate,
        user,
        workspace,
        tags,
        metadata);
  }

  /** The same in a workspace. */
  public NewProject inWorkspace(UUID other) {
    return new NewProject(
        key,
        name,
        description,
        goals,
        status,
        priority,
        startDate,
        targetDate,
        owner,
        other,
        tags,
        metadata);
  }

  /** The same with tags. */
  public NewProject tags(List<String> words) {
    return new NewProject(
        key,
        name,
        description,
        goals,
        status,
        priority,
        startDate,
        targetDate,
        owner,
        workspace,
        words,
        metadata);
  }

  /** The same with metadata. */
  public NewProject metadata(Map<String, Object> hosts) {
    return new NewProject(
        key,
        name,
        description,
        goals,
        status,
        priority,
        startDate,
        targetDate,
        owner,
        workspace,
        tags,
        hosts);
  }

  static List<String> checkedTags(List<String> tags) {
    List<String> distinct = List.copyOf(tags).stream().distinct().toList();
    if (distinct.size() > TAGS) {
      throw new InvalidValueException("tags", "must not be more than " + TAGS);
    }
    distinct.forEach(tag -> Require.text("tags", tag, TAG_LENGTH));
    return distinct;
  }

  static void requireOrder(@Nullable LocalDate start, @Nullable LocalDate target) {
    if (start != null && target != null && target.isBefore(start)) {
      throw new InvalidValueException("targetDate", "must not be before the start date");
    }
  }
}
