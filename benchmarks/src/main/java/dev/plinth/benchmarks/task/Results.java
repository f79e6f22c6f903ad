package dev.plinth.benchmarks.task;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The rounds of a scenario, and the table of their medians. */
final class Results {

  private final Scenario scenario;
  private final Map<Candidate, List<List<Double>>> rounds = new EnumMap<>(Candidate.class);

  Results(Scenario scenario) {
    this.scenario = scenario;
  }

  void add(Candidate candidate, List<Double> figures) {
    rounds.computeIfAbsent(candidate, key -> new ArrayList<>()).add(figures);
  }

  /** In Markdown, so that it can be pasted into a README. */
  String table() {
    List<String> head = new ArrayList<>(List.of("contender"));
    scenario.measures().forEach(measure -> head.add(measure.title()));
    scenario.baselines().forEach(baseline -> head.add("÷ " + baseline.title()));
    head.add("rounds");
    String rule = head.stream().map(title -> "---").collect(Collectors.joining("|"));
    return "## %s: %s%n%n%s%n|%s|%n%s%n"
        .formatted(
            scenario.name(),
            scenario.title(),
            row(head),
            rule,
            scenario.candidates().stream().map(this::line).collect(Collectors.joining("\n")));
  }

  private String line(Candidate candidate) {
    List<String> cells = new ArrayList<>(List.of(candidate.title()));
    for (int i = 0; i < scenario.measures().size(); i++) {
      cells.add(scenario.measures().get(i).print(median(candidate, i)));
    }
    for (Candidate baseline : scenario.baselines()) {
      cells.add("%.2f".formatted(median(candidate, 0) / median(baseline, 0)));
    }
    cells.add(rounds(candidate).stream().map(this::first).collect(Collectors.joining(" ")));
    return row(cells);
  }

  private String first(List<Double> round) {
    return scenario.measures().get(0).print(round.get(0));
  }

  private double median(Candidate candidate, int measure) {
    List<Double> sorted = rounds(candidate).stream().map(r -> r.get(measure)).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private List<List<Double>> rounds(Candidate candidate) {
    return rounds.getOrDefault(candidate, List.of());
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
