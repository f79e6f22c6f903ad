package dev.plinth.projects;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.workspace.NewWorkspace;
import dev.plinth.base.workspace.Workspaces;
import dev.plinth.projects.feature.FeatureRequestChanges;
import dev.plinth.projects.feature.FeatureRequestComments;
import dev.plinth.projects.feature.FeatureRequestFilter;
import dev.plinth.projects.feature.FeatureRequestOrder;
import dev.plinth.projects.feature.FeatureRequestVotes;
import dev.plinth.projects.feature.FeatureRequests;
import dev.plinth.projects.feature.FeatureStatus;
import dev.plinth.projects.feature.NewFeatureRequest;
import dev.plinth.projects.git.GitSync;
import dev.plinth.projects.git.TestRepository;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.ProjectChanges;
import dev.plinth.projects.project.ProjectFilter;
import dev.plinth.projects.project.ProjectMembers;
import dev.plinth.projects.project.ProjectRole;
import dev.plinth.projects.project.ProjectStatus;
import dev.plinth.projects.project.Projects;
import dev.plinth.projects.repository.LinkRole;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.projects.repository.Repositories;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Probes;
import dev.plinth.testing.TenancyContract;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;

/** The standing contracts, on every table of this module. */
@PlinthTest(ProjectsModule.class)
class ProjectsContractsTest
    implements CatalogContract, MigrationContract, TenancyContract<ProjectsContractsTest.Written> {

  private static final PageRequest PAGE = PageRequest.first(10);
  private static final NewFeatureRequest DARK_MODE = NewFeatureRequest.titled("Dark mode");
  private static final FeatureRequestFilter ALL = FeatureRequestFilter.all();

  @TempDir static Path directory;

  private final Projects projects = new Projects();
  private final ProjectMembers members = new ProjectMembers();
  private final Repositories repositories = new Repositories();
  private final GitSync sync = new GitSync();

  private final FeatureRequests requests = new FeatureRequests();
  private final FeatureRequestComments comments = new FeatureRequestComments();
  private final FeatureRequestVotes votes = new FeatureRequestVotes();
  private final Workspaces workspaces = new Workspaces();

  record Written(
      UUID user,
      UUID project,
      UUID repository,
      UUID unlinked,
      Path git,
      UUID request,
      UUID comment,
      UUID workspace) {}

  @Override
  public Written fill(Plinth plinth, Member member) {
    Path git = directory.resolve(UUID.randomUUID().toString());
    try (TestRepository repository = TestRepository.init(git)) {
      repository.commit("first");
    }
    return plinth
        .as(member)
        .call(
            tx -> {
              UUID project = projects.create(tx, NewProject.named("Apollo")).id();
              UUID repository = repositories.register(tx, repository("engine")).id();
              UUID unlinked = repositories.register(tx, repository("spare")).id();
              repositories.link(tx, project, repository, LinkRole.PRIMARY);
              sync.sync(tx, repository, git);
              UUID request = requests.create(tx, project, DARK_MODE).id();
              votes.vote(tx, request);
              UUID comment = comments.add(tx, request, "Yes!").id();
              UUID workspace = workspaces.create(tx, NewWorkspace.of("design", "Design")).id();
              return new Written(
                  member.userId(), project, repository, unlinked, git, request, comment, workspace);
            });
  }

  @Override
  public void probes(Probes<Written> probes) {
    readsOfProjects(probes);
    readsOfRepositories(probes);
    writesOfProjects(probes);
    writesOfRepositories(probes);
    refusalsOfProjects(probes);
    refusalsOfRepositories(probes);
    readsOfFeatureRequests(probes);
    writesOfFeatureRequests(probes);
    refusalsOfFeatureRequests(probes);
  }

  private void readsOfFeatureRequests(Probes<Written> probes) {
    for (FeatureRequestOrder order : FeatureRequestOrder.values()) {
      probes.reads(
          "feature requests by " + order, (tx, own, other) -> requests.list(tx, ALL, order, PAGE));
    }
    probes
        .reads("feature request", (tx, own, other) -> requests.get(tx, own.request()))
        .reads("search", (tx, own, other) -> requests.search(tx, "dark", ALL, PAGE))
        .reads("similar", (tx, own, other) -> requests.similar(tx, "dark mode", ALL, PAGE))
        .reads("transitions", (tx, own, other) -> requests.transitions(tx, own.request(), PAGE))
        .reads("comments", (tx, own, other) -> comments.list(tx, own.request(), PAGE))
        .reads("votes", (tx, own, other) -> votes.list(tx, own.request(), PAGE));
  }

  private void writesOfFeatureRequests(Probes<Written> probes) {
    probes
        .writes("propose", (tx, own, other) -> requests.create(tx, own.project(), DARK_MODE))
        .writes(
            "update a feature request",
            (tx, own, other) ->
                requests.update(
                    tx, own.request(), 1, FeatureRequestChanges.none().title("Night mode")))
        .writes(
            "change the status of a feature request",
            (tx, own, other) -> requests.changeStatus(tx, own.request(), 1, FeatureStatus.PLANNED))
        .writes("comment", (tx, own, other) -> comments.edit(tx, own.comment(), 1, "Indeed"))
        .writes(
            "move to a workspace",
            (tx, own, other) ->
                projects.update(
                    tx, own.project(), 1, ProjectChanges.none().workspace(own.workspace())))
        .writes(
            "vote",
            (tx, own, other) -> {
              votes.withdraw(tx, own.request());
              votes.vote(tx, own.request(), BigDecimal.TEN);
              return "voted";
            });
  }

  private void refusalsOfFeatureRequests(Probes<Written> probes) {
    FeatureRequestChanges renaming = FeatureRequestChanges.none().title("Mine");
    probes
        .refuses(
            "propose to another's",
            (tx, own, other) -> requests.create(tx, other.project(), DARK_MODE))
        .refuses("another's feature request", (tx, own, other) -> requests.get(tx, other.request()))
        .refuses(
            "update another's feature request",
            (tx, own, other) -> requests.update(tx, other.request(), 1, renaming))
        .refuses(
            "change the status of another's",
            (tx, own, other) ->
                requests.changeStatus(tx, other.request(), 1, FeatureStatus.PLANNED))
        .refuses(
            "part of another's",
            (tx, own, other) ->
                requests.create(tx, own.project(), DARK_MODE.partOf(other.request())))
        .refuses(
            "assign a stranger",
            (tx, own, other) ->
                requests.create(tx, own.project(), DARK_MODE.assignedTo(other.user())))
        .refuses(
            "transitions of another's",
            (tx, own, other) -> requests.transitions(tx, other.request(), PAGE))
        .refuses(
            "comment on another's", (tx, own, other) -> comments.add(tx, other.request(), "Mine"))
        .refuses(
            "edit another's comment",
            (tx, own, other) -> comments.edit(tx, other.comment(), 1, "Mine"))
        .refuses(
            "workspace of another",
            (tx, own, other) ->
                projects.update(
                    tx, own.project(), 1, ProjectChanges.none().workspace(other.workspace())))
        .refuses(
            "vote for another's",
            (tx, own, other) -> {
              votes.vote(tx, other.request());
              return "voted";
            });
  }

  private void readsOfProjects(Probes<Written> probes) {
    probes
        .reads("get", (tx, own, other) -> projects.get(tx, own.project()))
        .reads("findByKey", (tx, own, other) -> projects.findByKey(tx, "APOLLO"))
        .reads("list", (tx, own, other) -> projects.list(tx, ProjectFilter.all(), PAGE))
        .reads("overview", (tx, own, other) -> projects.overview(tx, own.project()))
        .reads("overviews", (tx, own, other) -> projects.overviews(tx, PAGE))
        .reads("members", (tx, own, other) -> members.list(tx, own.project(), PAGE));
  }

  private void readsOfRepositories(Probes<Written> probes) {
    probes
        .reads("get repository", (tx, own, other) -> repositories.get(tx, own.repository()))
        .reads(
            "findByExternalId",
            (tx, own, other) -> repositories.findByExternalId(tx, Provider.GIT, "engine"))
        .reads("list repositories", (tx, own, other) -> repositories.list(tx, PAGE))
        .reads("branches", (tx, own, other) -> repositories.branches(tx, own.repository(), PAGE))
        .reads("ofProject", (tx, own, other) -> repositories.ofProject(tx, own.project(), PAGE))
        .reads("projectsOf", (tx, own, other) -> repositories.projectsOf(tx, own.repository()))
        .refuses(
            "projectsOf another's",
            (tx, own, other) -> repositories.projectsOf(tx, other.repository()));
  }

  private void writesOfProjects(Probes<Written> probes) {
    probes
        .writes("create", (tx, own, other) -> projects.create(tx, NewProject.named("Apollo")))
        .writes(
            "update",
            (tx, own, other) ->
                projects.update(tx, own.project(), 1, ProjectChanges.none().name("Gemini")))
        .writes(
            "changeStatus",
            (tx, own, other) -> projects.changeStatus(tx, own.project(), 1, ProjectStatus.ACTIVE))
        .writes(
            "changeRole",
            (tx, own, other) ->
                members.changeRole(tx, own.project(), own.user(), 1, ProjectRole.VIEWER));
  }

  private void writesOfRepositories(Probes<Written> probes) {
    probes
        .writes("register", (tx, own, other) -> repositories.register(tx, repository("third")))
        .writes(
            "rename",
            (tx, own, other) ->
                repositories.register(
                    tx, NewRepository.of(Provider.GIT, "engine", "engine renamed")))
        .writes(
            "link",
            (tx, own, other) -> {
              repositories.link(tx, own.project(), own.unlinked(), LinkRole.DEPENDENCY);
              return "linked";
            })
        .writes("sync", (tx, own, other) -> sync.sync(tx, own.unlinked(), own.git()));
  }

  private void refusalsOfProjects(Probes<Written> probes) {
    probes
        .refuses("get another's", (tx, own, other) -> projects.get(tx, other.project()))
        .refuses(
            "overview of another's", (tx, own, other) -> projects.overview(tx, other.project()))
        .refuses(
            "update another's",
            (tx, own, other) ->
                projects.update(tx, other.project(), 1, ProjectChanges.none().name("Mine")))
        .refuses(
            "change another's status",
            (tx, own, other) -> projects.changeStatus(tx, other.project(), 1, ProjectStatus.ACTIVE))
        .refuses(
            "add to another's",
            (tx, own, other) -> members.add(tx, other.project(), own.user(), ProjectRole.LEAD))
        .refuses(
            "add a stranger",
            (tx, own, other) -> members.add(tx, own.project(), other.user(), ProjectRole.LEAD))
        .refuses(
            "own by a stranger",
            (tx, own, other) ->
                projects.create(tx, NewProject.named("Gemini").ownedBy(other.user())));
  }

  private void refusalsOfRepositories(Probes<Written> probes) {
    probes
        .refuses(
            "get another's repository",
            (tx, own, other) -> repositories.get(tx, other.repository()))
        .refuses(
            "branches of another's",
            (tx, own, other) -> repositories.branches(tx, other.repository(), PAGE))
        .refuses(
            "configure another's",
            (tx, own, other) -> repositories.configureAnalysis(tx, other.repository(), 1, Map.of()))
        .refuses("sync another's", (tx, own, other) -> sync.sync(tx, other.repository(), own.git()))
        .refuses(
            "link another's repository",
            (tx, own, other) -> {
              repositories.link(tx, own.project(), other.repository(), LinkRole.PRIMARY);
              return "linked";
            })
        .refuses(
            "link to another's project",
            (tx, own, other) -> {
              repositories.link(tx, other.project(), own.repository(), LinkRole.PRIMARY);
              return "linked";
            });
  }

  private static NewRepository repository(String name) {
    return NewRepository.of(Provider.GIT, name, name);
  }
}
