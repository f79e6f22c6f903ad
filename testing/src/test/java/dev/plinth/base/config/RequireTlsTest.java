package dev.plinth.base.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InsecureConnectionException;
import dev.plinth.embedded.EmbeddedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import org.jooq.tools.jdbc.SingleConnectionDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.ds.PGSimpleDataSource;

/** A real server with TLS, reached by a name that does not say that it is this machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequireTlsTest {

  /** The same as 127.0.0.1, to the resolver and not to us. */
  private static final String ELSEWHERE = "127.1";

  private static final String PASSWORD = "changeit";
  private static final Duration RELOAD_LIMIT = Duration.ofSeconds(60);

  private final EmbeddedServer server = EmbeddedServer.start();

  @BeforeAll
  void switchTlsOn(@TempDir Path directory) throws Exception {
    KeyStore store = selfSigned(directory.resolve("store"));
    byte[] certificate = store.getCertificate("server").getEncoded();
    byte[] key = store.getKey("server", PASSWORD.toCharArray()).getEncoded();
    try (Connection connection = source("localhost", "disable").getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE pem (line text)");
      write(connection, "CERTIFICATE", certificate, "server.crt");
      write(connection, "PRIVATE KEY", key, "server.key");
      statement.execute("ALTER SYSTEM SET ssl = on");
      statement.execute("SELECT pg_reload_conf()");
    }
    waitForTls();
  }

  /** The server reads its configuration again when it gets to it. */
  private void waitForTls() throws SQLException {
    long end = System.nanoTime() + RELOAD_LIMIT.toNanos();
    while (true) {
      try (Connection encrypted = source("localhost", "require").getConnection()) {
        return;
      } catch (SQLException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void withoutTlsNeitherWorkNorMigrationsGoAcrossANetwork() {
    Plinth plinth = required(source(ELSEWHERE, "disable"));

    assertThatExceptionOfType(InsecureConnectionException.class)
        .isThrownBy(() -> plinth.asSystem("test").run(tx -> {}))
        .satisfies(e -> assertThat(e.where()).isEqualTo(ELSEWHERE));
    assertThatExceptionOfType(InsecureConnectionException.class).isThrownBy(plinth::migrate);
    assertThatExceptionOfType(InsecureConnectionException.class).isThrownBy(plinth::validate);
  }

  @Test
  void withTlsOrOnThisMachineTheyDo() {
    Plinth encrypted = required(source(ELSEWHERE, "require"));
    encrypted.migrate();
    Boolean tls =
        encrypted
            .asSystem("test")
            .call(
                tx ->
                    tx.asHost(
                        host ->
                            host.fetchSingle(
                                    "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                                .get(0, Boolean.class)));

    assertThat(tls).isTrue();
    required(source("localhost", "disable")).asSystem("test").run(tx -> {});
  }

  @Test
  void aReplicaIsLookedAtToo() {
    Plinth plinth =
        Plinth.builder()
            .dataSource(source("localhost", "disable"))
            .readReplica(source(ELSEWHERE, "disable"))
            .requireTls()
            .build();

    assertThatExceptionOfType(InsecureConnectionException.class)
        .isThrownBy(() -> plinth.asSystem("test").readReplica(tx -> 1));
  }

  @Test
  void aConnectionIsHandedOutWithoutATransactionBegunOnIt() throws SQLException {
    PGSimpleDataSource source = source(ELSEWHERE, "require");
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      Connection handedOut =
          Tls.required(new SingleConnectionDataSource(connection)).getConnection();

      assertThat(handedOut.unwrap(BaseConnection.class).getTransactionState())
          .isEqualTo(TransactionState.IDLE);
    }
  }

  private static Plinth required(PGSimpleDataSource source) {
    return Plinth.builder().dataSource(source).requireTls().build();
  }

  private PGSimpleDataSource source(String host, String mode) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {server.port()});
    source.setDatabaseName("postgres");
    source.setUser(EmbeddedServer.SUPERUSER);
    source.setSslMode(mode);
    return source;
  }

  private static KeyStore selfSigned(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  /** By the server itself, into its own directory: the key must belong to who runs it. */
  private static void write(Connection connection, String kind, byte[] content, String file)
      throws SQLException {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    String pem = "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----".formatted(kind, base64);
    try (Statement statement = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO pem SELECT unnest(string_to_array(?, chr(10)))")) {
      statement.execute("TRUNCATE pem");
      insert.setString(1, pem);
      insert.execute();
      statement.execute("COPY pem TO PROGRAM 'umask 077; cat > " + file + "'");
    }
  }
}
