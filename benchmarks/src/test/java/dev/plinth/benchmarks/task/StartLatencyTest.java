package dev.plinth.benchmarks.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StartLatencyTest {

  @Test
  void isMeasuredOfAnotherProcessAndNeverRunsBackwards() throws Exception {
    List<Double> percentiles = new StartLatency(new Scale(0.05)).measure(Candidate.JDBC_NOTIFY);

    assertThat(percentiles.get(0)).isPositive();
    assertThat(percentiles.get(1)).isGreaterThanOrEqualTo(percentiles.get(0));
  }
}
