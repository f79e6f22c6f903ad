package dev.plinth.base.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InvalidValueException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @ValueSource(strings = {"", "base", "base.", ".x", "Base.x", "base.X", "base.a b", "base.x.y"})
  void aNameThatIsNotTheModulesAndItsOwnIsRefused(String name) {
    assertRefused("name", () -> Job.of(name, HOUR, run -> {}));
  }

  @Test
  void aNameThatIsTooLongIsRefused() {
    assertRefused("name", () -> Job.of("base." + "x".repeat(96), HOUR, run -> {}));
  }

  @Test
  void aJobTakesAnHourAtMostUnlessItSaysOtherwise() {
    Job job = Job.of("base.work", HOUR, run -> {});

    assertThat(job.timeLimit()).isEqualTo(HOUR);
    assertThat(job.atMost(Duration.ofMinutes(1)).timeLimit()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void timesThatTakeNoneAreRefused() {
    assertRefused("every", () -> Job.of("base.work", Duration.ZERO, run -> {}));
    assertRefused("timeLimit", () -> Job.of("base.work", HOUR, run -> {}).atMost(Duration.ZERO));
    assertRefused("polling", () -> JobTiming.DEFAULT.polling(Duration.ZERO));
    assertRefused("closing", () -> JobTiming.DEFAULT.closing(Duration.ofSeconds(-1)));
  }

  private static void assertRefused(String component, ThrowingCallable call) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.component()).isEqualTo(component));
  }
}
