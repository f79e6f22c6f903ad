package dev.plinth.base.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionMaintenanceExceptionTest {

  @Test
  void whatFailedOutlivesSerialization() throws Exception {
    PartitionChange change =
        new PartitionChange("plinth_base.audit_log", null, PartitionOutcome.FAILED, 0, "locked");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new PartitionMaintenanceException(List.of(change)));
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      PartitionMaintenanceException read = (PartitionMaintenanceException) in.readObject();
      assertThat(read.failed()).containsExactly(change);
      assertThat(read).hasMessageEndingWith("plinth_base.audit_log: locked");
    }
  }
}
