package dev.plinth.benchmarks.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plinth.testing.Eventually;
import dev.plinth.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is compared does the same work: nobody is fast by leaving something out. */
class ContenderTest {

  private static final int JOBS = 250;

  @ParameterizedTest
  @EnumSource(Candidate.class)
  void everyJobRunsOnceAndIsRecordedAsComplete(Candidate candidate) throws SQLException {
    ConcurrentLinkedQueue<Integer> ran = new ConcurrentLinkedQueue<>();
    try (TestDatabase database = candidate.database();
        Contender contender = candidate.open(candidate.url(database))) {
      contender.setUp();
      contender.enqueueAll(JOBS);
      contender.enqueue(JOBS);
      assertThat(contender.unfinished()).isEqualTo(JOBS + 1);

      contender.start(ran::add);

      Eventually.is("all are recorded as complete", () -> unfinished(contender) == 0);
    }
    List<Integer> all = IntStream.rangeClosed(0, JOBS).boxed().toList();
    assertThat(ran).containsExactlyInAnyOrderElementsOf(all);
  }

  private static long unfinished(Contender contender) {
    try {
      return contender.unfinished();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
