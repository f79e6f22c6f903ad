package dev.plinth.embedded;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * Lets root run PostgreSQL, which refuses root, where {@code unshare} is forbidden: the programs
 * that are started directly become scripts that step down with {@code setpriv} first.
 */
final class UnprivilegedLauncher implements PgBinaryResolver {

  /** The user {@code nobody}, by number: it need not be named on this system. */
  private static final int NOBODY = 65534;

  private static final Set<String> STARTED_DIRECTLY = Set.of("bin/initdb", "bin/pg_ctl");

  /** Executable by everyone. */
  private static final int MODE = 0755;

  private final Path home;

  UnprivilegedLauncher(Path home) {
    this.home = home;
  }

  static boolean isNeeded() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self)
        && Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"))
        && !LinuxUtils.isUnshareAvailable();
  }

  /** Makes {@code directory} belong to the user that the server will run as. */
  static void giveAway(Path directory) throws IOException {
    Files.setAttribute(directory, "unix:uid", NOBODY);
    Files.setAttribute(directory, "unix:gid", NOBODY);
  }

  @Override
  public InputStream getPgBinary(String system, String machineHardware) throws IOException {
    requireSetpriv();
    Path archive = home.resolve("setpriv-" + Runtime.version().feature() + ".txz");
    Path fresh = Files.createTempFile(home, "setpriv", ".tmp");
    try (InputStream original =
        DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machineHardware)) {
      rewrite(original, fresh);
    }
    Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
    return Files.newInputStream(archive);
  }

  private static void rewrite(InputStream original, Path target) throws IOException {
    try (TarArchiveInputStream in = new TarArchiveInputStream(new XZInputStream(original));
        TarArchiveOutputStream out =
            new TarArchiveOutputStream(
                new XZOutputStream(
                    Files.newOutputStream(target), new LZMA2Options(LZMA2Options.PRESET_MIN)))) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (STARTED_DIRECTLY.contains(entry.getName().replaceFirst("^\\./", ""))) {
          putScript(out, entry.getName());
          entry.setName(entry.getName() + ".real");
        }
        out.putArchiveEntry(entry);
        in.transferTo(out);
        out.closeArchiveEntry();
      }
    }
  }

  private static void putScript(TarArchiveOutputStream out, String name) throws IOException {
    byte[] script =
        """
        #!/bin/sh
        cd / && exec setpriv --reuid=%1$d --regid=%1$d --clear-groups "$0.real" "$@"
        """
            .formatted(NOBODY)
            .getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(script.length);
    entry.setMode(MODE);
    out.putArchiveEntry(entry);
    out.write(script);
    out.closeArchiveEntry();
  }

  private static void requireSetpriv() {
    try {
      Process process =
          new ProcessBuilder("setpriv", "--version").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      if (process.waitFor() == 0) {
        return;
      }
    } catch (IOException e) {
      throw new IllegalStateException(CANNOT_STEP_DOWN, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException(CANNOT_STEP_DOWN);
  }

  private static final String CANNOT_STEP_DOWN =
      "PostgreSQL refuses to run as root, and neither unshare nor setpriv is usable here:"
          + " run as an ordinary user, or name a database with DATABASE_URL";
}
