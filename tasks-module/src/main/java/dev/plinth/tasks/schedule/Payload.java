package dev.plinth.tasks.schedule;

import dev.plinth.base.error.Require;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is enqueued, and with which input. */
record Payload(String definition, Map<String, Object> input, @Nullable String instantMember) {

  private static final int MEMBER_LENGTH = 100;

  /** What a task for an instant is given. */
  Map<String, Object> inputFor(Instant instant) {
    if (instantMember == null) {
      return input;
    }
    Map<String, Object> all = new LinkedHashMap<>(input);
    all.put(instantMember, instant.toString());
    return all;
  }

  static @Nullable String checkedMember(@Nullable String name) {
    return name == null ? null : Require.text("instantMember", name, MEMBER_LENGTH);
  }
}
