package dev.plinth.base.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.job.Job;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleJobsTest {

  @Test
  void theJobsOfAllModulesAreCollected() {
    List<Job> jobs = ModuleJobs.of(List.of(module("a", "a.one", "a.two"), module("b", "b.one")));

    assertThat(jobs).extracting(Job::name).containsExactly("a.one", "a.two", "b.one");
  }

  @Test
  void aJobThatIsNotCalledByItsModuleIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> ModuleJobs.of(List.of(module("a", "ab.one"))))
        .withMessageContaining("a.…");
  }

  @Test
  void aJobThatIsThereTwiceIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> ModuleJobs.of(List.of(module("a", "a.one", "a.one"))))
        .withMessageContaining("twice");
  }

  private static PlinthModule module(String name, String... jobs) {
    return new PlinthModule() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<Job> jobs() {
        return Arrays.stream(jobs).map(job -> Job.of(job, Duration.ofHours(1), run -> {})).toList();
      }
    };
  }
}
