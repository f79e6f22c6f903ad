package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.user.User;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.feature.FeatureRequest;
import dev.plinth.projects.feature.FeatureRequestFilter;
import dev.plinth.projects.feature.FeatureRequestOrder;
import dev.plinth.projects.feature.FeatureStatus;
import dev.plinth.projects.feature.NewFeatureRequest;
import dev.plinth.projects.project.Project;
import dev.plinth.projects.project.ProjectMember;
import dev.plinth.projects.project.ProjectRole;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Feature requests out of a git history: who wrote a change proposes it, the others vote, the owner
 * plans and accepts it. A branch that is not merged is in progress; it is completed by the run that
 * finds it merged or gone. Each step is the transaction of who takes it.
 */
final class FeatureHistory {

  private static final String KEY = "git";
  private static final int TITLE_LENGTH = 200;
  private static final String UNTITLED = "(no subject)";

  private final Plinth plinth;
  private final ProjectsModule projects;
  private final Member owner;
  private final Project project;
  private final Map<String, UUID> people;

  FeatureHistory(Hosted hosted, Member owner, Project project, List<User> people) {
    this.plinth = hosted.plinth();
    this.projects = hosted.projects();
    this.owner = owner;
    this.project = project;
    this.people =
        people.stream()
            .filter(person -> person.email().isPresent())
            .collect(Collectors.toMap(person -> person.email().get(), User::id));
  }

  void record(GitChanges changes) {
    Map<String, FeatureRequest> known = known();
    plinth.as(owner).run(this::letContribute);
    for (GitChanges.Change change : changes.latest()) {
      if (!known.containsKey(change.key())) {
        propose(change);
      }
    }
    known.entrySet().stream()
        .filter(
            entry -> entry.getValue().status().isOpen() && !changes.open().contains(entry.getKey()))
        .forEach(entry -> finish(entry.getValue()));
  }

  private void propose(GitChanges.Change change) {
    UUID author = people.getOrDefault(change.authorEmail(), owner.userId());
    String subject = change.subject().isBlank() ? UNTITLED : change.subject();
    NewFeatureRequest wish =
        NewFeatureRequest.titled(subject.substring(0, Math.min(TITLE_LENGTH, subject.length())))
            .metadata(Map.of(KEY, change.key()));
    FeatureRequest proposed =
        as(author, tx -> projects.featureRequests().create(tx, project.id(), wish));
    voters(author).forEach(user -> vote(user, proposed));
    FeatureRequest planned = move(owner.userId(), proposed, FeatureStatus.PLANNED);
    FeatureRequest begun = move(author, planned, FeatureStatus.IN_PROGRESS);
    if (change.done()) {
      finish(begun);
    }
  }

  private void finish(FeatureRequest begun) {
    UUID author = begun.requester().orElse(owner.userId());
    FeatureRequest reviewed = move(author, begun, FeatureStatus.IN_REVIEW);
    move(owner.userId(), reviewed, FeatureStatus.COMPLETED);
  }

  private void vote(UUID user, FeatureRequest request) {
    BigDecimal weight = BigDecimal.valueOf(user.equals(owner.userId()) ? 2 : 1);
    as(
        user,
        tx -> {
          projects.featureRequestVotes().vote(tx, request.id(), weight);
          return request;
        });
  }

  private Collection<UUID> voters(UUID author) {
    return people.values().stream().filter(user -> !user.equals(author)).toList();
  }

  private FeatureRequest move(UUID user, FeatureRequest request, FeatureStatus status) {
    return as(
        user,
        tx -> projects.featureRequests().changeStatus(tx, request.id(), request.version(), status));
  }

  private interface Step {
    FeatureRequest in(TenantTx tx);
  }

  private FeatureRequest as(UUID user, Step step) {
    return plinth.as(owner.organizationId(), user).call(step::in);
  }

  private void letContribute(TenantTx tx) {
    List<UUID> working =
        projects
            .projectMembers()
            .list(tx, project.id(), PageRequest.first(PageRequest.MAX_LIMIT))
            .items()
            .stream()
            .map(ProjectMember::userId)
            .toList();
    people.values().stream()
        .filter(user -> !working.contains(user))
        .forEach(
            user -> projects.projectMembers().add(tx, project.id(), user, ProjectRole.CONTRIBUTOR));
  }

  private Map<String, FeatureRequest> known() {
    Map<String, FeatureRequest> known = new HashMap<>();
    Optional<PageRequest> request = Optional.of(PageRequest.first(PageRequest.MAX_LIMIT));
    while (request.isPresent()) {
      PageRequest now = request.get();
      Page<FeatureRequest> page = plinth.as(owner).read(tx -> page(tx, now));
      page.items().stream()
          .filter(item -> item.metadata().containsKey(KEY))
          .forEach(item -> known.put(String.valueOf(item.metadata().get(KEY)), item));
      request = page.next().map(cursor -> PageRequest.after(cursor, PageRequest.MAX_LIMIT));
    }
    return known;
  }

  private Page<FeatureRequest> page(TenantTx tx, PageRequest request) {
    FeatureRequestFilter ours = FeatureRequestFilter.all().project(project.id());
    return projects.featureRequests().list(tx, ours, FeatureRequestOrder.NEWEST, request);
  }
}
