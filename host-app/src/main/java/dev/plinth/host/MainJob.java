package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.MissingRolesException;
import dev.plinth.base.error.SchemaMismatchException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.user.User;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.git.SyncResult;
import dev.plinth.projects.project.NewProject;
import dev.plinth.projects.project.Project;
import dev.plinth.projects.project.ProjectStatus;
import dev.plinth.projects.repository.LinkRole;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.projects.repository.Repository;
import dev.plinth.tasks.workflow.RunStatus;
import dev.plinth.tasks.workflow.WorkflowRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * The main job, step by step: organization and people, the repository with its branches, a project
 * that it belongs to, feature requests out of its history, and how much its files hold. Every step
 * finds what an earlier run made, so that running again adds nothing.
 */
final class MainJob {

  private final Hosted hosted;
  private final Progress progress;
  private final ProjectsModule projects;
  private final Plinth plinth;
  private final Tenants tenants;
  private final Measuring measuring;

  MainJob(Hosted hosted, Progress progress) {
    this.hosted = hosted;
    this.progress = progress;
    this.projects = hosted.projects();
    this.plinth = hosted.plinth();
    this.tenants = new Tenants(plinth);
    this.measuring = new Measuring(hosted, progress);
  }

  /** False if the files could not be measured; the report says why. */
  boolean run(String slug, GitCheckout checkout, PrintWriter out) throws Exception {
    prepare();
    measuring.register();
    plinth.start();
    try {
      return work(slug, checkout, out);
    } finally {
      plinth.close();
    }
  }

  private boolean work(String slug, GitCheckout checkout, PrintWriter out) throws Exception {
    progress.step("organization " + slug + ", people who commit: " + checkout.people().size());
    List<User> people = plinth.asSystem("main job: people").call(tx -> people(tx, checkout));
    Organization organization =
        plinth.asSystem("main job: organization").call(tx -> organization(tx, slug, people));
    Member owner = tenants.owner(organization);
    plinth
        .as(owner)
        .run(tx -> people.forEach(person -> tenants.member(tx, person, MemberRole.DEVELOPER)));

    progress.step("reading git branches of " + checkout.directory());
    Repository repository = plinth.as(owner).call(tx -> register(tx, checkout));
    SyncResult sync =
        plinth
            .as(owner)
            .call(tx -> projects.gitSync().sync(tx, repository.id(), checkout.directory()));

    progress.step("project for " + repository.name());
    Project project = plinth.as(owner).call(tx -> project(tx, repository));

    progress.step("feature requests of what git tells: " + checkout.changes().latest().size());
    new FeatureHistory(hosted, owner, project, people).record(checkout.changes());

    Optional<WorkflowRun> measured = measured(owner, checkout);

    progress.step("report");
    Report report = new Report(plinth, projects, out);
    plinth
        .as(owner)
        .read(
            tx -> {
              report.print(tx, project, repository, sync);
              MeasuringReport files = new MeasuringReport(hosted.tasks(), report::line);
              measured.ifPresent(run -> files.print(tx, run));
              return project;
            });
    out.flush();
    return measured.map(run -> run.status() == RunStatus.SUCCEEDED).orElse(true);
  }

  /** Empty if nothing was committed yet. */
  private Optional<WorkflowRun> measured(Member owner, GitCheckout checkout) throws Exception {
    Optional<GitFiles.Commit> head = GitFiles.head(checkout.directory());
    if (head.isEmpty()) {
      return Optional.empty();
    }
    progress.step("measuring the files of commit " + head.get().id());
    return Optional.of(measuring.of(owner, head.get()));
  }

  /** Migrates what is behind; on a database that is ready, any login that has the roles will do. */
  private void prepare() {
    progress.step("looking at the schemas of " + plinth.modules().size() + " modules");
    try {
      plinth.validate();
    } catch (SchemaMismatchException | MissingRolesException e) {
      progress.step("migrating");
      plinth.migrate();
    }
  }

  private List<User> people(SystemTx tx, GitCheckout checkout) {
    return checkout.people().stream()
        .map(person -> tenants.user(tx, person.name(), person.email()))
        .toList();
  }

  private Organization organization(SystemTx tx, String slug, List<User> people) {
    User owner =
        people.isEmpty() ? tenants.user(tx, "Owner", "owner@plinth.invalid") : people.get(0);
    return tenants.organization(tx, slug, owner);
  }

  private Repository register(TenantTx tx, GitCheckout checkout) {
    NewRepository repository = NewRepository.of(Provider.GIT, checkout.identity(), checkout.name());
    return projects
        .repositories()
        .register(tx, checkout.url().map(repository::url).orElse(repository));
  }

  private Project project(TenantTx tx, Repository repository) {
    Project project =
        projects.repositories().projectsOf(tx, repository.id()).stream()
            .findFirst()
            .map(id -> projects.projects().get(tx, id))
            .orElseGet(() -> projects.projects().create(tx, NewProject.named(repository.name())));
    projects.repositories().link(tx, project.id(), repository.id(), LinkRole.PRIMARY);
    return project.status() == ProjectStatus.PLANNING
        ? projects
            .projects()
            .changeStatus(tx, project.id(), project.version(), ProjectStatus.ACTIVE)
        : project;
  }
}
