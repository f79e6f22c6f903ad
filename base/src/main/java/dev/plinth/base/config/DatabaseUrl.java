package dev.plinth.base.config;

import dev.plinth.base.error.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is, as one line says it: {@code postgresql://user:password@host:port/database}
 * or a JDBC URL.
 *
 * @param jdbcUrl without user and password, where they were in front of the host
 * @param userOrNull the login, or null if the URL says it as a parameter or not at all
 * @param passwordOrNull the password, or null
 */
public record DatabaseUrl(
    String jdbcUrl, @Nullable String userOrNull, @Nullable String passwordOrNull) {

  private static final String COMPONENT = "database URL";
  private static final String JDBC = "jdbc:postgresql:";
  private static final Pattern URL = Pattern.compile("(jdbc:)?postgres(ql)?://.*");
  private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&]*");

  /**
   * Reads a URL.
   *
   * @throws InvalidValueException if it is neither form; the message does not quote it, for it may
   *     hold a password
   */
  public static DatabaseUrl parse(String url) {
    Matcher form = URL.matcher(url.strip());
    if (!form.matches()) {
      throw new InvalidValueException(
          COMPONENT, "must begin with postgresql:// or jdbc:postgresql://");
    }
    boolean plainJdbc = form.group(1) != null && !authority(url).contains("@");
    return plainJdbc
        ? new DatabaseUrl(url.strip(), null, null)
        : uri(url.strip().replaceFirst("^jdbc:", ""));
  }

  /** What stands between the slashes; the driver knows no user there, but people write one. */
  private static String authority(String url) {
    return url.replaceFirst("^.*?//", "").replaceFirst("[/?].*$", "");
  }

  /** The login, if it stood in front of the host. */
  public Optional<String> user() {
    return Optional.ofNullable(userOrNull);
  }

  /** The password, if it stood in front of the host. */
  public Optional<String> password() {
    return Optional.ofNullable(passwordOrNull);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return PASSWORD.matcher(jdbcUrl).replaceAll("$1***") + user().map(u -> " as " + u).orElse("");
  }

  private static DatabaseUrl uri(String url) {
    URI uri = parsed(url);
    if (uri.getHost() == null) {
      throw new InvalidValueException(COMPONENT, "names no host");
    }
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String jdbcUrl = JDBC + "//" + uri.getHost() + port + uri.getRawPath() + query;
    String info = uri.getRawUserInfo();
    if (info == null) {
      return new DatabaseUrl(jdbcUrl, null, null);
    }
    int colon = info.indexOf(':');
    return colon < 0
        ? new DatabaseUrl(jdbcUrl, decoded(info), null)
        : new DatabaseUrl(
            jdbcUrl, decoded(info.substring(0, colon)), decoded(info.substring(colon + 1)));
  }

  private static URI parsed(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new InvalidValueException(COMPONENT, "is malformed at character " + e.getIndex());
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
