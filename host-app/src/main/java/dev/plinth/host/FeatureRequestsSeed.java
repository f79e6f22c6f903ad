package dev.plinth.host;

import dev.plinth.base.organization.Member;
import dev.plinth.base.sql.Priority;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.feature.FeatureRequest;
import dev.plinth.projects.feature.FeatureRequestFilter;
import dev.plinth.projects.feature.FeatureRequestOrder;
import dev.plinth.projects.feature.FeatureStatus;
import dev.plinth.projects.feature.NewFeatureRequest;
import dev.plinth.projects.project.Project;
import java.util.List;

/** Development data of feature requests: some of the running project, one of them under way. */
final class FeatureRequestsSeed {

  private final Hosted hosted;
  private final ProjectsModule projects;
  private final Member owner;

  FeatureRequestsSeed(Hosted hosted, Member owner) {
    this.hosted = hosted;
    this.projects = hosted.projects();
    this.owner = owner;
  }

  void plant(List<Member> members) {
    hosted.plinth().as(owner).run(this::make);
    members.stream()
        .filter(member -> member.role() != MemberRole.VIEWER)
        .forEach(member -> hosted.plinth().as(member).run(this::wish));
  }

  private void make(TenantTx tx) {
    if (!all(tx).isEmpty()) {
      return;
    }
    Project apollo = apollo(tx);
    NewFeatureRequest landing =
        NewFeatureRequest.titled("Land on the moon").priority(Priority.CRITICAL).complexity(10);
    FeatureRequest whole = projects.featureRequests().create(tx, apollo.id(), landing);
    projects
        .featureRequests()
        .create(tx, apollo.id(), NewFeatureRequest.titled("Radar").partOf(whole.id()));
    projects
        .featureRequests()
        .create(tx, apollo.id(), NewFeatureRequest.titled("A window to look out of"));
    projects.featureRequests().changeStatus(tx, whole.id(), whole.version(), FeatureStatus.PLANNED);
    projects.featureRequestComments().add(tx, whole.id(), "Before this decade is out.");
  }

  private void wish(TenantTx tx) {
    all(tx).forEach(request -> projects.featureRequestVotes().vote(tx, request.id()));
  }

  private Project apollo(TenantTx tx) {
    return projects.projects().findByKey(tx, "APOLLO").orElseThrow();
  }

  private List<FeatureRequest> all(TenantTx tx) {
    return projects
        .featureRequests()
        .list(
            tx,
            FeatureRequestFilter.all().project(apollo(tx).id()),
            FeatureRequestOrder.NEWEST,
            Seed.ALL)
        .items();
  }
}
