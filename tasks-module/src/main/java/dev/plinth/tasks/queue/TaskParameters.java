package dev.plinth.tasks.queue;

import dev.plinth.base.notification.Subject;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.sql.RankConverter;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.definition.TaskDefinition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parameters of {@link TaskInserts}, in their order: a column of the batch each. */
final class TaskParameters {

  private static final RankConverter<Priority> RANKS = new RankConverter<>(Priority.class);

  /** Of one task, or of any number. */
  enum Shape {
    SCALARS,
    ARRAYS
  }

  private final Connection connection;
  private final PreparedStatement statement;
  private final Shape shape;
  private int last;

  TaskParameters(PreparedStatement statement, Shape shape) throws SQLException {
    this.connection = statement.getConnection();
    this.statement = statement;
    this.shape = shape;
  }

  void bind(TenantTx tx, List<Entry> entries) throws SQLException {
    List<TaskDefinition> definitions = new ArrayList<>();
    Integer[] positions = positions(entries, definitions);
    statement.setString(++last, tx.now().toString());
    column("uuid", entries, Entry::id);
    column("text", entries, Entry::input);
    if (definitions.size() == 1) {
      statement.setNull(++last, Types.OTHER);
    } else {
      statement.setArray(++last, connection.createArrayOf("int4", positions));
    }
    bindTurns(entries);
    bindKeys(tx.now(), entries);
    bindOrigins(entries);
    column("uuid", definitions, TaskDefinition::id);
    column("int4", definitions, TaskDefinition::version);
    column("timestamptz", definitions, TaskDefinition::updatedAt);
    statement.setObject(++last, tx.organizationId());
    statement.setString(++last, tx.organizationId() + ":");
    if (shape == Shape.ARRAYS) {
      Object[] queues =
          entries.stream().filter(Entry::isPending).map(Entry::queue).distinct().toArray();
      statement.setArray(++last, connection.createArrayOf("text", queues));
    }
  }

  private void bindTurns(List<Entry> entries) throws SQLException {
    column("text", entries, entry -> entry.task().turn().queue());
    column("int2", entries, entry -> RANKS.to(entry.task().turn().priority()));
    column("timestamptz", entries, Entry::scheduledAt);
    column("timestamptz", entries, entry -> entry.task().turn().deadline());
  }

  private void bindKeys(Instant now, List<Entry> entries) throws SQLException {
    column("text", entries, entry -> entry.task().keys().concurrency());
    column("text", entries, Entry::idempotencyKey);
    column("timestamptz", entries, entry -> end(now, entry.task().keys().window()));
  }

  private void bindOrigins(List<Entry> entries) throws SQLException {
    column("text", entries, entry -> type(entry.task().origin().subject()));
    column("uuid", entries, entry -> id(entry.task().origin().subject()));
    column("uuid", entries, entry -> entry.task().origin().project());
    column("uuid", entries, entry -> entry.task().origin().run());
    column("text", entries, entry -> entry.task().origin().node());
  }

  /** Of each entry where its definition stands among those of the batch, from 1. */
  private static Integer[] positions(List<Entry> entries, List<TaskDefinition> definitions) {
    Map<UUID, Integer> known = new HashMap<>();
    Integer[] positions = new Integer[entries.size()];
    for (int i = 0; i < positions.length; i++) {
      TaskDefinition definition = entries.get(i).definition();
      positions[i] =
          known.computeIfAbsent(
              definition.id(),
              id -> {
                definitions.add(definition);
                return definitions.size();
              });
    }
    return positions;
  }

  private <R> void column(String type, List<R> rows, Function<R, @Nullable Object> value)
      throws SQLException {
    @Nullable Object[] values = new Object[rows.size()];
    boolean any = false;
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(rows.get(i));
      any |= values[i] != null;
    }
    if (!any) {
      statement.setNull(++last, Types.OTHER);
    } else if (shape == Shape.ARRAYS) {
      statement.setArray(++last, connection.createArrayOf(type, values));
    } else if (values[0] instanceof Instant time) {
      statement.setString(++last, time.toString());
    } else {
      statement.setObject(++last, values[0]);
    }
  }

  private static @Nullable Instant end(Instant now, @Nullable Duration window) {
    return window == null ? null : now.plus(window);
  }

  private static @Nullable String type(@Nullable Subject subject) {
    return subject == null ? null : subject.type();
  }

  private static @Nullable UUID id(@Nullable Subject subject) {
    return subject == null ? null : subject.id();
  }
}
