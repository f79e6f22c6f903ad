package dev.plinth.base.job;

import dev.plinth.base.module.PlinthModule;
import java.util.List;

/** A module without a schema that has the jobs it is given. */
public final class Working implements PlinthModule {

  private final List<Job> jobs;

  public Working(Job... jobs) {
    this.jobs = List.of(jobs);
  }

  @Override
  public String name() {
    return "working";
  }

  @Override
  public List<Job> jobs() {
    return jobs;
  }
}
