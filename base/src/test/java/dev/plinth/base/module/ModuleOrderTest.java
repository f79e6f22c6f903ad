package dev.plinth.base.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.MissingModuleException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleOrderTest {

  @Test
  void aModuleComesAfterWhatItDependsOn() {
    assertThat(
            ModuleOrder.of(
                List.of(module("c", "b", "a"), module("b", "a"), module("a"), module("d"))))
        .extracting(ModuleDescriptor::name)
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void aMissingDependencyIsNamedTogetherWithWhoNeedsIt() {
    assertThatExceptionOfType(MissingModuleException.class)
        .isThrownBy(() -> ModuleOrder.of(List.of(module("analytics", "projects"))))
        .withMessageContaining("analytics")
        .withMessageContaining("projects")
        .satisfies(
            e -> {
              assertThat(e.module()).isEqualTo("analytics");
              assertThat(e.missing()).isEqualTo("projects");
            });
  }

  @Test
  void aCircleIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> ModuleOrder.of(List.of(module("a", "b"), module("b", "a"))))
        .withMessageContaining("circle");
  }

  @Test
  void aModuleThatIsThereTwiceIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> ModuleOrder.of(List.of(module("a"), module("a"))))
        .withMessageContaining("twice");
  }

  @Test
  void aModuleWithoutDescriptorIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> ModuleDescriptor.of(() -> "nowhere"))
        .withMessageContaining("META-INF/plinth/nowhere.properties");
  }

  @Test
  void aNameThatIsNoWordIsRefused() {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> module("two-words"));
  }

  @Test
  void aLinkToWhatCannotBeAModuleIsRefused() {
    ClassLoader resources = ModuleOrderTest.class.getClassLoader();

    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(
            () ->
                new ModuleDescriptor(
                    "notes", List.of(), List.of("two words"), List.of(), List.of(), resources));
  }

  private static ModuleDescriptor module(String name, String... dependsOn) {
    return new ModuleDescriptor(
        name,
        List.of(dependsOn),
        List.of(),
        List.of(),
        List.of(),
        ModuleOrderTest.class.getClassLoader());
  }
}
