package dev.plinth.projects.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.Listening;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Role;
import dev.plinth.testing.TestDatabase;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@PlinthTest(ProjectsModule.class)
class RepositoriesTest {

  private static final NewRepository ENGINE =
      NewRepository.of(Provider.GITHUB, "4711", "engine").url("https://github.com/acme/engine");

  private Plinth plinth;
  private Repositories repositories;
  private Member alice;

  @BeforeEach
  void prepare(Plinth plinth, Repositories repositories, Organization acme, Member alice) {
    this.plinth = plinth;
    this.repositories = repositories;
    this.alice = alice;
  }

  @Test
  void everythingThatIsSaidIsStored() {
    Repository said = register(ENGINE.language("Java").metadata(Map.of("stars", 5)));

    Repository stored = plinth.as(alice).read(tx -> repositories.get(tx, said.id()));
    assertThat(stored).isEqualTo(said);
    assertThat(stored.provider()).isEqualTo(Provider.GITHUB);
    assertThat(stored.externalId()).isEqualTo("4711");
    assertThat(stored.name()).isEqualTo("engine");
    assertThat(stored.url()).contains("https://github.com/acme/engine");
    assertThat(stored.language()).contains("Java");
    assertThat(stored.defaultBranch()).isEmpty();
    assertThat(stored.metadata()).isEqualTo(Map.of("stars", 5));
    assertThat(stored.version()).isEqualTo(1);
  }

  @Test
  void aRenamedRepositoryKeepsItsId() {
    Repository engine = register(ENGINE.language("Java"));

    Repository motor =
        register(
            NewRepository.of(Provider.GITHUB, "4711", "motor")
                .url("https://github.com/globex/motor"));

    assertThat(motor.id()).isEqualTo(engine.id());
    assertThat(motor.name()).isEqualTo("motor");
    assertThat(motor.url()).contains("https://github.com/globex/motor");
    assertThat(motor.language()).contains("Java");
    assertThat(motor.version()).isEqualTo(2);
    assertThat(list()).containsExactly(motor);
  }

  @Test
  void registeringTheSameAgainWritesNothing() {
    Repository engine = register(ENGINE);

    plinth
        .as(alice)
        .run(
            tx -> {
              assertThat(repositories.register(tx, ENGINE)).isEqualTo(engine);
              assertThat(hasWritten(tx)).isFalse();
            });
  }

  @Test
  void theSameExternalIdOfAnotherProviderIsAnotherRepository() {
    Repository onGithub = register(ENGINE);

    Repository onGitlab = register(NewRepository.of(Provider.GITLAB, "4711", "engine"));

    assertThat(onGitlab.id()).isNotEqualTo(onGithub.id());
    plinth
        .as(alice)
        .run(
            tx -> {
              assertThat(repositories.findByExternalId(tx, Provider.GITHUB, "4711"))
                  .contains(onGithub);
              assertThat(repositories.findByExternalId(tx, Provider.GIT, "4711")).isEmpty();
            });
  }

  @Test
  void aPasswordInTheUrlIsNotStored(TestDatabase database) throws Exception {
    register(ENGINE.url("https://alice:secret@github.com/acme/engine"));

    try (var connection = database.superuser().getConnection();
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "SELECT count(*) FROM plinth_projects.repositories r"
                    + " WHERE to_jsonb(r)::text LIKE '%secret%'")) {
      assertThat(found.next()).isTrue();
      assertThat(found.getInt(1)).isZero();
    }
  }

  @Test
  void aDeletedRepositoryIsGoneAndComesBackWhenItIsRegistered() {
    Repository engine = register(ENGINE);
    plinth.as(alice).run(tx -> repositories.delete(tx, engine.id(), engine.version()));

    assertThatThrownBy(() -> plinth.as(alice).read(tx -> repositories.get(tx, engine.id())))
        .isInstanceOf(NotFoundException.class);
    assertThat(list()).isEmpty();
    assertThat(register(ENGINE).id()).isEqualTo(engine.id());
    assertThat(list()).hasSize(1);
  }

  @Test
  void theConfigurationOfAnalysesChangesByVersion() {
    Repository engine = register(ENGINE);
    Map<String, Object> configuration = Map.of("depth", 3);

    Repository configured =
        plinth
            .as(alice)
            .call(tx -> repositories.configureAnalysis(tx, engine.id(), 1, configuration));

    assertThat(configured.analysisConfiguration()).isEqualTo(configuration);
    assertThatThrownBy(
            () ->
                plinth
                    .as(alice)
                    .call(tx -> repositories.configureAnalysis(tx, engine.id(), 1, Map.of())))
        .isInstanceOf(StaleVersionException.class);
  }

  @Test
  void eightThreadsThatRegisterOneRepositoryMakeOne() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<UUID> registering = () -> register(ENGINE).id();
      List<Future<UUID>> ids = threads.invokeAll(Collections.nCopies(8, registering));

      assertThat(ids).extracting(Future::get).containsOnly(list().get(0).id());
      assertThat(list()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void registrationIsToldToTheOtherModulesOnlyIfSomethingIsNew(TestDatabase database) {
    Listening listening = new Listening();
    Plinth heard =
        Plinth.builder()
            .dataSource(database.host())
            .modules(new ProjectsModule(), listening)
            .build();

    Repository engine = heard.as(alice).call(tx -> repositories.register(tx, ENGINE));
    heard.as(alice).run(tx -> repositories.register(tx, ENGINE));
    heard.as(alice).run(tx -> repositories.register(tx, ENGINE.language("Java")));

    assertThat(listening.heard())
        .containsExactly(
            new RepositoryRegistered(alice.organizationId(), engine.id()),
            new RepositoryChanged(alice.organizationId(), engine.id()));
  }

  @Test
  void anotherOrganizationsRepositoryIsNotFound(Organization globex, Member carol) {
    Repository engine = register(ENGINE);

    plinth
        .as(carol)
        .run(
            tx -> {
              assertThatThrownBy(() -> repositories.get(tx, engine.id()))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> repositories.delete(tx, engine.id(), 1))
                  .isInstanceOf(NotFoundException.class);
              assertThatThrownBy(() -> repositories.branches(tx, engine.id(), PageRequest.first(9)))
                  .isInstanceOf(NotFoundException.class);
              assertThat(repositories.findByExternalId(tx, Provider.GITHUB, "4711")).isEmpty();
              assertThat(repositories.register(tx, ENGINE).id()).isNotEqualTo(engine.id());
            });
  }

  @Test
  void aViewerRegistersNothing(
      Organization acme, Member alice, @Role(MemberRole.VIEWER) Member eve) {
    Repository engine = register(ENGINE);

    plinth
        .as(eve)
        .run(
            tx -> {
              assertThatThrownBy(
                      () -> repositories.register(tx, NewRepository.of(Provider.GIT, "x", "x")))
                  .isInstanceOf(AccessDeniedException.class);
              assertThatThrownBy(() -> repositories.delete(tx, engine.id(), 1))
                  .isInstanceOf(AccessDeniedException.class);
            });
    assertThat(list()).containsExactly(engine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void blankNamesAndIdsAreRefused(String blank) {
    assertThatThrownBy(() -> NewRepository.of(Provider.GIT, "id", blank))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> NewRepository.of(Provider.GIT, blank, "name"))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> ENGINE.language(blank)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void tooLongNamesAndIdsAreRefused() {
    assertThatThrownBy(() -> NewRepository.of(Provider.GIT, "id", "n".repeat(201)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> NewRepository.of(Provider.GIT, "i".repeat(501), "name"))
        .isInstanceOf(InvalidValueException.class);
  }

  private Repository register(NewRepository repository) {
    return plinth.as(alice).call(tx -> repositories.register(tx, repository));
  }

  private List<Repository> list() {
    return plinth.as(alice).read(tx -> repositories.list(tx, PageRequest.first(100))).items();
  }

  private static boolean hasWritten(TenantTx tx) {
    return tx.dsl()
        .fetchSingle("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
        .get(0, Boolean.class);
  }
}
