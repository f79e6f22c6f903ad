package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.feature.FeatureRequest;
import dev.plinth.projects.feature.FeatureRequestFilter;
import dev.plinth.projects.feature.FeatureRequestOrder;
import dev.plinth.projects.feature.StatusPeriod;
import dev.plinth.projects.project.Project;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** The feature requests of a project, and how each moved through its life. */
final class FeatureReport {

  private static final PageRequest SCREENFUL = PageRequest.first(10);

  private final Plinth plinth;
  private final ProjectsModule projects;
  private final Report.Lines lines;

  FeatureReport(Plinth plinth, ProjectsModule projects, Report.Lines lines) {
    this.plinth = plinth;
    this.projects = projects;
    this.lines = lines;
  }

  void print(TenantTx tx, Project project) {
    FeatureRequestFilter ours = FeatureRequestFilter.all().project(project.id());
    Page<FeatureRequest> page =
        projects.featureRequests().list(tx, ours, FeatureRequestOrder.NEWEST, SCREENFUL);
    Map<UUID, String> names = names(tx);
    String title = "Features";
    for (FeatureRequest request : page.items()) {
      lines.add(
          title,
          "%s (%s; votes: %d, weight: %s)",
          request.title(),
          Report.lower(request.status()),
          request.voteCount(),
          request.voteWeight().stripTrailingZeros().toPlainString());
      projects.featureRequests().statusPeriods(tx, request.id()).forEach(p -> period(p, names));
      title = "";
    }
    page.next().ifPresent(cursor -> lines.add("", "… and more than these"));
  }

  private void period(StatusPeriod period, Map<UUID, String> names) {
    lines.add(
        "",
        "  %-12s %s  %s",
        Report.lower(period.status()),
        Report.TIME.format(period.enteredAt()),
        period
            .author()
            .map(user -> names.getOrDefault(user, "somebody who left"))
            .orElse("a service"));
  }

  private Map<UUID, String> names(TenantTx tx) {
    return plinth.members().list(tx, PageRequest.first(PageRequest.MAX_LIMIT)).items().stream()
        .collect(Collectors.toMap(Member::userId, Member::displayName));
  }
}
