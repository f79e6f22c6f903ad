package dev.plinth.projects.repository;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.Require;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The addresses that git clones from: {@code https://…}, {@code git@host:owner/repo.git}, …. */
final class RepositoryUrl {

  private static final Set<String> REMOTE = Set.of("http", "https", "ssh", "git");
  private static final String LOCAL = "file";
  private static final Pattern LIKE_SCP = Pattern.compile("[^\\s@:/]+@[\\w.-]+:(?!//)\\S+");
  private static final Pattern HOST =
      Pattern.compile("([\\w.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final int LENGTH = 2000;

  private RepositoryUrl() {}

  /**
   * The address without credentials; null stays null.
   *
   * @throws InvalidValueException if git could not clone from it
   */
  static @Nullable String checked(String component, @Nullable String value) {
    if (value == null) {
      return null;
    }
    String url = Require.text(component, value, LENGTH);
    return LIKE_SCP.matcher(url).matches() ? url : withScheme(component, url);
  }

  private static String withScheme(String component, String url) {
    URI uri = parsed(component, url);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    boolean named = HOST.matcher(host).matches();
    boolean remote = REMOTE.contains(scheme) && named;
    boolean local =
        scheme.equals(LOCAL) && (authority.isEmpty() || named) && uri.getRawPath() != null;
    if (!remote && !local) {
      throw malformed(component);
    }
    return keepsUser(scheme, authority) ? url : replaced(url, scheme, authority, host);
  }

  private static URI parsed(String component, String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw malformed(component);
    }
  }

  /** A user alone is kept for ssh, which needs one; over https it may be a token. */
  private static boolean keepsUser(String scheme, String authority) {
    String userInfo = authority.substring(0, authority.lastIndexOf('@') + 1);
    return userInfo.isEmpty() || (scheme.equals("ssh") && userInfo.indexOf(':') < 0);
  }

  private static String replaced(String url, String scheme, String authority, String host) {
    int start = scheme.length() + "://".length();
    return url.substring(0, start) + host + url.substring(start + authority.length());
  }

  /** Says nothing of the value: it may hold a password. */
  private static InvalidValueException malformed(String component) {
    return new InvalidValueException(
        component,
        "must be an http, https, ssh, git or file URL, or as in git@host:owner/repo.git");
  }
}
