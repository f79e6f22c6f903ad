package dev.plinth.base.config;

import dev.plinth.base.error.InsecureConnectionException;
import dev.plinth.base.error.InvalidValueException;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.SslMode;
import org.postgresql.util.PSQLException;

/** The switch that demands TLS of every connection that leaves this machine. */
public final class Tls {

  static final String REMEDY = "say sslmode=verify-full, or at least require";

  /** By what is written, not by what a name resolves to today. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");

  private Tls() {}

  /**
   * Looks at a URL, all of whose hosts must be this machine unless it demands TLS.
   *
   * @return the same URL
   * @throws InsecureConnectionException if it may connect without TLS: {@code sslmode} is missing
   *     or weaker than {@code require}, and a host is elsewhere, or a {@code socketFactory} decides
   *     where to
   * @throws InvalidValueException if the driver does not understand it
   */
  public static DatabaseUrl required(DatabaseUrl url) {
    @Nullable Properties parsed = Driver.parseURL(url.jdbcUrl(), null);
    if (parsed == null) {
      throw new InvalidValueException("database URL", "is not understood by the driver");
    }
    if (mode(parsed).requireEncryption()) {
      return url;
    }
    if (PGProperty.SOCKET_FACTORY.getOrDefault(parsed) != null) {
      throw new InsecureConnectionException("wherever socketFactory goes", REMEDY);
    }
    for (String host : parsed.getProperty("PGHOST", "localhost").split(",")) {
      if (!isLoopback(host)) {
        throw new InsecureConnectionException(host, REMEDY);
      }
    }
    return url;
  }

  /**
   * The same connections, but each is looked at when it is first borrowed, because a data source
   * does not say how it connects: where its host is not this machine, with one statement. Through a
   * pooler that asks the server about the pooler's connection; of the way to the pooler the URL
   * says more.
   */
  public static DataSource required(DataSource dataSource) {
    return new EncryptedDataSource(dataSource);
  }

  static boolean isLoopback(String host) {
    return LOOPBACK.matcher(host.strip().toLowerCase(Locale.ROOT)).matches();
  }

  private static SslMode mode(Properties parsed) {
    try {
      return SslMode.of(parsed);
    } catch (PSQLException e) {
      throw new InvalidValueException(
          "database URL", "has an sslmode that the driver does not know");
    }
  }
}
