package dev.plinth.benchmarks.task;

import java.util.List;

/** Something that is measured of several candidates, in rounds. */
interface Scenario {

  /** By which it is asked for. */
  String name();

  /** What is measured, in one sentence. */
  String title();

  /** Whom it is measured of. */
  List<Candidate> candidates();

  /** Those that the others are divided by, with regard to the first measure. */
  List<Candidate> baselines();

  /** What {@link #measure} returns, in this order. */
  List<Measure> measures();

  /** One round of one candidate, on a database of its own. */
  List<Double> measure(Candidate candidate) throws Exception;

  /** Whether a first round is thrown away, in which classes are loaded and code is compiled. */
  default boolean warmsUp() {
    return true;
  }
}
