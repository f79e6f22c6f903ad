package dev.plinth.tasks.triage;

import dev.plinth.base.error.Require;
import dev.plinth.base.sql.Priority;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to be looked at. {@link #titled} is enough.
 *
 * @param title 1 to 200 characters
 * @param description at most 20,000 characters, empty for none
 * @param assignee a member, or null
 * @param category 1 to 100 characters in the host's words, or null
 */
public record NewTriageItem(
    String title,
    String description,
    Priority priority,
    @Nullable UUID assignee,
    @Nullable String category) {

  static final int TITLE_LENGTH = 200;
  static final int DESCRIPTION_LENGTH = 20_000;
  static final int CATEGORY_LENGTH = 100;

  /** Checks the components. */
  public NewTriageItem {
    title = Require.text("title", title, TITLE_LENGTH);
    description = Require.optionalText("description", description, DESCRIPTION_LENGTH);
    category = category == null ? null : Require.text("category", category, CATEGORY_LENGTH);
  }

  /** An item of medium priority. */
  public static NewTriageItem titled(String title) {
    return new NewTriageItem(title, "", Priority.MEDIUM, null, null);
  }

  /** The same with a description. */
  public NewTriageItem description(String text) {
    return new NewTriageItem(title, text, priority, assignee, category);
  }

  /** The same with another priority. */
  public NewTriageItem priority(Priority other) {
    return new NewTriageItem(title, description, other, assignee, category);
  }

  /** The same with somebody who looks. */
  public NewTriageItem assignedTo(UUID user) {
    return new NewTriageItem(title, description, priority, user, category);
  }

  /** The same of a kind. */
  public NewTriageItem category(String kind) {
    return new NewTriageItem(title, description, priority, assignee, kind);
  }
}
