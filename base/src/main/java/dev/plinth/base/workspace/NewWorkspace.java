package dev.plinth.base.workspace;

import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A workspace to be made.
 *
 * @param slug lower-case letters and digits with single hyphens between, at most 63 characters
 * @param name 1 to 200 characters
 * @param lead a member; null for who acts
 * @param metadata the host's own
 */
public record NewWorkspace(
    String slug,
    String name,
    String description,
    @Nullable UUID lead,
    Map<String, Object> metadata) {

  static final int NAME_LENGTH = 200;
  static final int DESCRIPTION_LENGTH = 20_000;

  /** Checks the components. */
  public NewWorkspace {
    slug = Require.slug("slug", slug);
    name = Require.text("name", name, NAME_LENGTH);
    description = Require.optionalText("description", description, DESCRIPTION_LENGTH);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A workspace that is led by who makes it. */
  public static NewWorkspace of(String slug, String name) {
    return new NewWorkspace(slug, name, "", null, Map.of());
  }

  /** The same with a description. */
  public NewWorkspace description(String text) {
    return new NewWorkspace(slug, name, text, lead, metadata);
  }

  /** The same with another lead. */
  public NewWorkspace ledBy(UUID user) {
    return new NewWorkspace(slug, name, description, user, metadata);
  }

  /** The same with metadata. */
  public NewWorkspace metadata(Map<String, Object> hosts) {
    return new NewWorkspace(slug, name, description, lead, hosts);
  }
}
