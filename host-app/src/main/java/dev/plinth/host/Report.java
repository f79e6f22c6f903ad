package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.git.SyncResult;
import dev.plinth.projects.project.Project;
import dev.plinth.projects.project.ProjectOverview;
import dev.plinth.projects.repository.Branch;
import dev.plinth.projects.repository.Repository;
import java.io.PrintWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is now in the database, for a person to read; times in UTC. */
final class Report {

  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  static final int SHA_LENGTH = 9;

  /** What a commit message could do to a terminal. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private static final PageRequest SCREENFUL = PageRequest.first(50);

  private final Plinth plinth;
  private final ProjectsModule projects;
  private final PrintWriter out;

  Report(Plinth plinth, ProjectsModule projects, PrintWriter out) {
    this.plinth = plinth;
    this.projects = projects;
    this.out = out;
  }

  void print(TenantTx tx, Project project, Repository repository, SyncResult sync) {
    organization(tx);
    project(tx, project);
    repository(tx, repository);
    new FeatureReport(plinth, projects, this::line).print(tx, project);
    synchronisation(sync);
  }

  private void organization(TenantTx tx) {
    Organization organization = plinth.organizations().current(tx);
    line("Organization", "%s (%s)", organization.name(), lower(organization.status()));
    Page<Member> members = plinth.members().list(tx, SCREENFUL);
    for (Member member : members.items()) {
      line("", "%-16s %s", lower(member.role()), member.displayName());
    }
    more(members.next());
  }

  private void project(TenantTx tx, Project project) {
    ProjectOverview overview = projects.projects().overview(tx, project.id());
    line("Project", "%s %s (%s)", overview.key(), overview.name(), lower(overview.status()));
    line("", "owner            %s", overview.ownerName().orElse("none"));
    line("", "repositories     %s", String.join(", ", overview.repositoryNames()));
    line("", "branches         %d", overview.branchCount());
    line("", "members          %d", overview.memberCount());
    line(
        "",
        "feature requests %d, of which open: %d",
        overview.featureRequestCount(),
        overview.openFeatureRequestCount());
  }

  /** One line: what it is about where that begins, and a text. */
  interface Lines {
    void add(String title, String format, Object... values);
  }

  private void repository(TenantTx tx, Repository repository) {
    Repository stored = projects.repositories().get(tx, repository.id());
    line("Repository", "%s", stored.name());
    line("", "url              %s", stored.url().orElse("none: it was cloned from no server"));
    line("", "default branch   %s", stored.defaultBranch().orElse("none"));
    Page<Branch> branches = projects.repositories().branches(tx, stored.id(), SCREENFUL);
    for (Branch branch : defaultFirst(branches.items())) {
      line(
          "",
          "%s %s  %s  %s  %s: %s",
          branch.isDefault() ? "*" : " ",
          branch.name(),
          branch.headSha().substring(0, SHA_LENGTH),
          TIME.format(branch.headAuthoredAt()),
          branch.headAuthor(),
          branch.headMessage());
    }
    if (branches.items().isEmpty()) {
      line("", "no branches: nothing was committed yet, or no branch was fetched");
    }
    more(branches.next());
  }

  private static List<Branch> defaultFirst(List<Branch> branches) {
    return branches.stream().sorted(Comparator.comparing(branch -> !branch.isDefault())).toList();
  }

  private void synchronisation(SyncResult sync) {
    line(
        "This run",
        sync.unchanged()
            ? "nothing changed since the last one, and nothing was written"
            : "branches: %d new, %d updated, %d renamed, %d deleted, %d force-pushed",
        sync.created().size(),
        sync.updated().size(),
        sync.renamed().size(),
        sync.deleted().size(),
        sync.forcePushed().size());
    sync.detachedHead().ifPresent(sha -> line("", "HEAD is detached at %s", sha));
    if (sync.shallow()) {
      line("", "the clone is shallow: a force-push may go unnoticed");
    }
  }

  private void more(Optional<String> next) {
    next.ifPresent(cursor -> line("", "… and more than these"));
  }

  void line(String title, String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    out.printf("%-14s%s%n", title, CONTROL.matcher(text).replaceAll("?"));
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
