package dev.plinth.projects.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest(ProjectsModule.class)
class ProjectCreationTest {

  private Plinth plinth;
  private Projects projects;
  private ProjectMembers members;
  private Member alice;

  @BeforeEach
  void prepare(
      Plinth plinth, Projects projects, ProjectMembers members, Organization acme, Member alice) {
    this.plinth = plinth;
    this.projects = projects;
    this.members = members;
    this.alice = alice;
  }

  @Test
  void aNameIsEnough() {
    Project apollo = create(NewProject.named("Apollo"));

    assertThat(apollo.key()).isEqualTo("APOLLO");
    assertThat(apollo.name()).isEqualTo("Apollo");
    assertThat(apollo.status()).isEqualTo(ProjectStatus.PLANNING);
    assertThat(apollo.priority()).isEqualTo(Priority.MEDIUM);
    assertThat(apollo.owner()).contains(alice.userId());
    assertThat(apollo.version()).isEqualTo(1);
  }

  @Test
  void everythingThatIsSaidIsStored() {
    Project said =
        create(
            NewProject.named("Apollo 11")
                .key("MOON")
                .description("There and back")
                .goals("Land")
                .status(ProjectStatus.ACTIVE)
                .priority(Priority.CRITICAL)
                .dates(LocalDate.of(1961, 5, 25), LocalDate.of(1969, 12, 31))
                .tags(List.of("space", "crewed", "space"))
                .metadata(Map.of("crew", 3)));

    Project stored = plinth.as(alice).read(tx -> projects.get(tx, said.id()));
    assertThat(stored).isEqualTo(said);
    assertThat(stored.key()).isEqualTo("MOON");
    assertThat(stored.description()).isEqualTo("There and back");
    assertThat(stored.goals()).isEqualTo("Land");
    assertThat(stored.status()).isEqualTo(ProjectStatus.ACTIVE);
    assertThat(stored.priority()).isEqualTo(Priority.CRITICAL);
    assertThat(stored.startDate()).contains(LocalDate.of(1961, 5, 25));
    assertThat(stored.targetDate()).contains(LocalDate.of(1969, 12, 31));
    assertThat(stored.tags()).containsExactly("space", "crewed");
    assertThat(stored.metadata()).isEqualTo(Map.of("crew", 3));
  }

  @Test
  void whoMakesAProjectLeadsIt() {
    Project apollo = create(NewProject.named("Apollo"));

    ProjectMember lead = plinth.as(alice).read(tx -> members.get(tx, apollo.id(), alice.userId()));
    assertThat(lead.role()).isEqualTo(ProjectRole.LEAD);
    assertThat(lead.displayName()).isEqualTo(alice.displayName());
  }

  @Test
  void anotherOwnerLeadsInstead(Organization acme, Member alice, Member bob) {
    Project apollo =
        plinth
            .as(alice)
            .call(tx -> projects.create(tx, NewProject.named("Apollo").ownedBy(bob.userId())));

    assertThat(apollo.owner()).contains(bob.userId());
    Page<ProjectMember> listed =
        plinth.as(alice).read(tx -> members.list(tx, apollo.id(), PageRequest.first(9)));
    assertThat(listed.items()).extracting(ProjectMember::userId).containsExactly(bob.userId());
  }

  @Test
  void aServiceMakesAProjectWithoutOwner(Organization acme) {
    Project apollo =
        plinth
            .asService(acme.id(), "importer")
            .call(tx -> projects.create(tx, NewProject.named("Apollo")));

    assertThat(apollo.owner()).isEmpty();
  }

  @Test
  void whoLeftTheOrganizationCannotOwn(
      Organization acme, Member alice, Member bob, Members organizationMembers) {
    plinth.as(alice).run(tx -> organizationMembers.remove(tx, bob.userId(), bob.version()));

    assertThatThrownBy(() -> create(NewProject.named("Apollo").ownedBy(bob.userId())))
        .isInstanceOf(NotFoundException.class);
    assertThat(count()).isZero();
  }

  @Test
  void theSameNameGetsANumber() {
    List<String> keys =
        IntStream.range(0, 12).mapToObj(i -> create(NewProject.named("Apollo")).key()).toList();

    assertThat(keys).startsWith("APOLLO", "APOLLO2", "APOLLO3").endsWith("APOLLO12");
  }

  @ParameterizedTest
  @CsvSource({
    "Ärger & Söhne, ARGERSOHNE",
    "2001: a space odyssey, ASPACEODYS",
    "x, X1",
    "月へ, PROJECT",
    "42, PROJECT"
  })
  void aKeyIsTheLettersAndDigitsOfTheName(String name, String key) {
    assertThat(create(NewProject.named(name)).key()).isEqualTo(key);
  }

  @Test
  void aNumberFitsIntoTheLengthOfAKey() {
    create(NewProject.named("Extraordinary"));

    assertThat(create(NewProject.named("Extraordinary")).key()).isEqualTo("EXTRAORDI2");
  }

  @Test
  void eightThreadsWithOneNameGetEightKeys() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<String> make = () -> create(NewProject.named("Rush")).key();
      List<Future<String>> keys = threads.invokeAll(Collections.nCopies(8, make));

      assertThat(keys)
          .extracting(Future::get)
          .containsExactlyInAnyOrder(
              "RUSH", "RUSH2", "RUSH3", "RUSH4", "RUSH5", "RUSH6", "RUSH7", "RUSH8");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aGivenKeyThatIsTakenIsAConflict() {
    create(NewProject.named("Apollo").key("MOON"));

    assertThatThrownBy(() -> create(NewProject.named("Luna").key("MOON")))
        .isInstanceOfSatisfying(
            ConflictException.class,
            conflict -> {
              assertThat(conflict.table()).isEqualTo("projects");
              assertThat(conflict.what()).isEqualTo("key");
              assertThat(conflict.constraint()).isEqualTo("projects_key_uq");
            });
    assertThat(count()).isOne();
  }

  @Test
  void theKeyOfADeletedProjectIsFree() {
    Project first = create(NewProject.named("Apollo").key("MOON"));
    plinth.as(alice).run(tx -> projects.delete(tx, first.id(), first.version()));

    Project second = create(NewProject.named("Apollo").key("MOON"));

    assertThat(second.id()).isNotEqualTo(first.id());
  }

  @Test
  void twoOrganizationsUseTheSameKey(Organization globex, Member carol) {
    create(NewProject.named("Apollo").key("MOON"));

    Project other =
        plinth.as(carol).call(tx -> projects.create(tx, NewProject.named("Apollo").key("MOON")));

    assertThat(other.key()).isEqualTo("MOON");
  }

  @Test
  void aViewerMakesNoProject(Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    assertThatThrownBy(
            () -> plinth.as(eve).call(tx -> projects.create(tx, NewProject.named("Apollo"))))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \t", "a\0b"})
  void aNameWithNothingInItIsRefused(String name) {
    assertThatThrownBy(() -> NewProject.named(name))
        .isInstanceOfSatisfying(
            InvalidValueException.class,
            refusal -> assertThat(refusal.component()).isEqualTo("name"));
  }

  @Test
  void aNameOf201CharactersIsRefused() {
    assertThat(create(NewProject.named("n".repeat(200))).name()).hasSize(200);
    assertThatThrownBy(() -> NewProject.named("n".repeat(201)))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "apollo", "1APOLLO", "APOLLO-1", "ABCDEFGHIJK", "ÄÖ"})
  void aMalformedKeyIsRefused(String key) {
    NewProject apollo = NewProject.named("Apollo");

    assertThatThrownBy(() -> apollo.key(key))
        .isInstanceOfSatisfying(
            InvalidValueException.class,
            refusal -> assertThat(refusal.component()).isEqualTo("key"));
  }

  @Test
  void aTargetBeforeTheStartIsRefused() {
    NewProject apollo = NewProject.named("Apollo");
    LocalDate day = LocalDate.of(2030, 1, 2);

    assertThatThrownBy(() -> apollo.dates(day, day.minusDays(1)))
        .isInstanceOf(InvalidValueException.class);
    assertThat(create(apollo.dates(day, day)).targetDate()).contains(day);
  }

  @Test
  void blankAndTooManyTagsAreRefused() {
    NewProject apollo = NewProject.named("Apollo");

    assertThatThrownBy(() -> apollo.tags(List.of(" "))).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(
            () -> apollo.tags(IntStream.range(0, 51).mapToObj(Integer::toString).toList()))
        .isInstanceOf(InvalidValueException.class);
  }

  private Project create(NewProject project) {
    return plinth.as(alice).call(tx -> projects.create(tx, project));
  }

  private int count() {
    return plinth.as(alice).read(tx -> projects.list(tx, PageRequest.first(100))).items().size();
  }
}
