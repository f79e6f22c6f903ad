package dev.plinth.base;

import dev.plinth.base.job.Job;
import dev.plinth.base.module.PlinthModule;
import java.util.ArrayList;
import java.util.List;

/** The module that every other depends on; always there, never added. */
final class BaseModule implements PlinthModule {

  @Override
  public String name() {
    return "base";
  }

  @Override
  public List<Job> jobs() {
    List<Job> jobs = new ArrayList<>(new Retention().jobs());
    jobs.add(new PartitionMaintenance().job());
    return jobs;
  }
}
