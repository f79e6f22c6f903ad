package dev.plinth.host;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.plinth.base.tenancy.Scope;
import dev.plinth.testing.SettableClock;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the modules may be built, checked over the classes of all of them. */
class ArchitectureTest {

  private static final ImportOption WITHOUT_TESTS = new ImportOption.DoNotIncludeTests();

  private static final JavaClasses ALL =
      new ClassFileImporter().withImportOption(WITHOUT_TESTS).importPackages("dev.plinth");

  /** Of base and of modules: the only classes that need it. */
  private static final String MICROMETER = "dev\\.plinth\\..*\\.Micrometer\\w*Telemetry";

  /** Generated code refers to the converters and enums that its module gave it, and back. */
  private static final JavaClasses WRITTEN = ALL.that(not(resideInAPackage("..jooq..")));

  @Test
  void allModulesAreLookedAt() {
    classes()
        .that()
        .resideInAPackage("dev.plinth.projects.git..")
        .should()
        .resideInAPackage("dev.plinth..")
        .check(WRITTEN);
    classes()
        .that()
        .resideInAPackage("dev.plinth.tasks.worker..")
        .should()
        .resideInAPackage("dev.plinth..")
        .check(WRITTEN);
    classes()
        .that()
        .resideInAPackage("dev.plinth.base.tenancy..")
        .should()
        .resideInAPackage("dev.plinth..")
        .check(WRITTEN);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.plinth.(**)").should().beFreeOfCycles().check(WRITTEN);
  }

  @Test
  void modulesHaveNoCycles() {
    slices().matching("dev.plinth.(*)..").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void nothingDependsOnTheHost() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.plinth.host..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.plinth.host..")
        .check(ALL);
  }

  /** Base is what every module builds on, and its tables may be joined; no other module's may. */
  @ParameterizedTest
  @ValueSource(strings = {"projects", "tasks"})
  void aModulesTablesAreItsOwn(String module) {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.plinth." + module + "..", "dev.plinth.host..")
        .should(dependOnClassesThat(resideInAPackage("dev.plinth." + module + ".jooq..")))
        .check(ALL);
  }

  @Test
  void theTimeIsTheTransactionsAndNotTheJvms() {
    noClasses()
        .that()
        .areNotAssignableTo(SettableClock.class)
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callConstructor(Date.class)
        .check(WRITTEN);
  }

  @Test
  void jdbcIsInNoPublicSignatureButJoin() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .arePublic()
        .should(notMention("java.sql", Set.of(Scope.class.getName())))
        .check(WRITTEN.that(not(resideInAPackage("dev.plinth.codegen.."))));
  }

  /** It is optional; this host does not have it, so all its tests show that it is not missed. */
  @Test
  void micrometerIsNeededByNobodyElse() {
    noClasses()
        .that()
        .haveNameNotMatching(MICROMETER)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(MICROMETER)
        .check(ALL);
    assertThatThrownBy(() -> Class.forName("io.micrometer.core.instrument.MeterRegistry"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void packagesAreNamedByTheDomain() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..impl..",
            "..util..",
            "..common..",
            "..core..",
            "..service..",
            "..dao..",
            "..model..",
            "..dto..")
        .check(WRITTEN);
  }

  @Test
  void publicClassesAreFinal() {
    classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(WRITTEN);
  }

  private static ArchCondition<JavaMethod> notMention(String packageName, Set<String> excepted) {
    return new ArchCondition<>("not mention " + packageName) {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean mentions =
            mentioned(method).stream().anyMatch(type -> type.getPackageName().equals(packageName));
        if (mentions && !excepted.contains(method.getOwner().getName())) {
          events.add(SimpleConditionEvent.violated(method, method.getFullName()));
        }
      }
    };
  }

  private static List<JavaClass> mentioned(JavaMethod method) {
    List<JavaClass> types = new ArrayList<>(method.getRawParameterTypes());
    types.add(method.getRawReturnType());
    method.getThrowsClause().getTypes().forEach(types::add);
    return types;
  }
}
