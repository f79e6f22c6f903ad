package dev.plinth.tasks.worker;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Tasks of which the end was written.
 *
 * @param followed those whose end others may wait for
 */
record Ended(Set<UUID> ids, List<UUID> followed) {

  static Ended none() {
    return new Ended(new HashSet<>(), new ArrayList<>());
  }

  /** Of rows of an id, and whether it is followed. */
  static Ended read(ResultSet rows) throws SQLException {
    Ended ended = none();
    while (rows.next()) {
      UUID id = rows.getObject(1, UUID.class);
      ended.ids.add(id);
      if (rows.getBoolean(2)) {
        ended.followed.add(id);
      }
    }
    return ended;
  }

  void add(Ended other) {
    ids.addAll(other.ids);
    followed.addAll(other.followed);
  }
}
