package dev.plinth.projects.repository;

import dev.plinth.base.error.Require;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A repository to be registered, or what is known of one that is registered already.
 *
 * @param externalId by which the provider knows it, whatever its name; 1 to 500 characters, stored
 *     as it is and so without credentials
 * @param name 1 to 200 characters
 * @param url where git clones it from, stored without credentials; null if that is not known
 * @param language the programming language that prevails, 1 to 100 characters; null if that is not
 *     known
 * @param metadata the host's own; null if there is nothing to say
 */
public record NewRepository(
    Provider provider,
    String externalId,
    String name,
    @Nullable String url,
    @Nullable String language,
    @Nullable Map<String, Object> metadata) {

  static final int NAME_LENGTH = 200;
  static final int EXTERNAL_ID_LENGTH = 500;
  private static final int LANGUAGE_LENGTH = 100;

  /** Checks the components and takes credentials out of the URL. */
  public NewRepository {
    externalId = Require.text("externalId", externalId, EXTERNAL_ID_LENGTH);
    name = Require.text("name", name, NAME_LENGTH);
    url = RepositoryUrl.checked("url", url);
    language = language == null ? null : Require.text("language", language, LANGUAGE_LENGTH);
    metadata = metadata == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /** A repository of which only identity and name are known. */
  public static NewRepository of(Provider provider, String externalId, String name) {
    return new NewRepository(provider, externalId, name, null, null, null);
  }

  /** The same with the address that git clones it from. */
  public NewRepository url(String address) {
    return new NewRepository(provider, externalId, name, address, language, metadata);
  }

  /** The same with a programming language. */
  public NewRepository language(String prevailing) {
    return new NewRepository(provider, externalId, name, url, prevailing, metadata);
  }

  /** The same with metadata. */
  public NewRepository metadata(Map<String, Object> hosts) {
    return new NewRepository(provider, externalId, name, url, language, hosts);
  }

  /** Whether registering this would leave what is stored as it is. */
  boolean saysNothingNewOf(Repository stored) {
    return name.equals(stored.name())
        && (url == null || url.equals(stored.urlOrNull()))
        && (language == null || language.equals(stored.languageOrNull()))
        && (metadata == null || metadata.equals(stored.metadata()));
  }
}
