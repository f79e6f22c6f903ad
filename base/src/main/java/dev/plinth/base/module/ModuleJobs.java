package dev.plinth.base.module;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.job.Job;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The jobs of a host's modules, each called by the module that has it. */
public final class ModuleJobs {

  private ModuleJobs() {}

  /**
   * Collects them.
   *
   * @throws InvalidValueException if one is there twice, or not called by its module
   */
  public static List<Job> of(Collection<? extends PlinthModule> modules) {
    Map<String, Job> jobs = new LinkedHashMap<>();
    for (PlinthModule module : modules) {
      for (Job job : module.jobs()) {
        if (!job.name().startsWith(module.name() + ".")) {
          throw new InvalidValueException(
              "job " + job.name(), "must be called " + module.name() + ".…, by its module");
        }
        if (jobs.put(job.name(), job) != null) {
          throw new InvalidValueException("job " + job.name(), "is there twice");
        }
      }
    }
    return List.copyOf(jobs.values());
  }
}
