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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Feature requests out of a git history: who wrote a change proposes it, the others vote, the owner
 * plans and accepts it. A branch that is not merged is in progress; it is completed by the run that
 * finds it merged or gone. Each step is the transaction of who takes it; what a run that was cut
 * off left undone, the next one does. What a person rejected or completed stays so.
 */
final class FeatureHistory {

  private static final String KEY = "git";
  private static final int TITLE_LENGTH = 200;
  private static final String UNTITLED = "(no subject)";

  /** The life of a feature request that nobody rejects. */
  private static final List<FeatureStatus> LIFE =
      List.of(
          FeatureStatus.PROPOSED,
          FeatureStatus.PLANNED,
          FeatureStatus.IN_PROGRESS,
          FeatureStatus.IN_REVIEW,
          FeatureStatus.COMPLETED);

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
    List<FeatureRequest> all = all();
    Set<UUID> waiting = waiting(all);
    Map<String, FeatureRequest> requests = known(all);
    plinth.as(owner).run(this::letContribute);
    for (GitChanges.Change change : changes.latest()) {
      requests.computeIfAbsent(change.key(), key -> propose(change));
    }
    requests.forEach(
        (key, request) ->
            advance(request, goal(changes.open().contains(key), waiting.contains(request.id()))));
  }

  private static FeatureStatus goal(boolean goesOn, boolean waits) {
    if (goesOn) {
      return FeatureStatus.IN_PROGRESS;
    }
    return waits ? FeatureStatus.IN_REVIEW : FeatureStatus.COMPLETED;
  }

  private FeatureRequest propose(GitChanges.Change change) {
    UUID author = people.getOrDefault(change.authorEmail(), owner.userId());
    String subject = change.subject().isBlank() ? UNTITLED : change.subject();
    NewFeatureRequest wish =
        NewFeatureRequest.titled(subject.substring(0, Math.min(TITLE_LENGTH, subject.length())))
            .metadata(Map.of(KEY, change.key()));
    return as(author, tx -> projects.featureRequests().create(tx, project.id(), wish));
  }

  /** Takes the steps from where it is to the goal; none if it is further, or rejected. */
  private void advance(FeatureRequest request, FeatureStatus goal) {
    int from = LIFE.indexOf(request.status());
    int to = LIFE.indexOf(goal);
    if (from < 0 || from >= to) {
      return;
    }
    UUID author = request.requester().orElse(owner.userId());
    if (request.status() == FeatureStatus.PROPOSED) {
      voters(author).forEach(user -> vote(user, request));
    }
    FeatureRequest moved = request;
    for (FeatureStatus step : LIFE.subList(from + 1, to + 1)) {
      boolean decision = step == FeatureStatus.PLANNED || step == FeatureStatus.COMPLETED;
      moved = move(decision ? owner.userId() : author, moved, step);
    }
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

  /** What has open parts, which a person gave it: it is completed when they are. */
  private static Set<UUID> waiting(List<FeatureRequest> all) {
    return all.stream()
        .filter(request -> request.status().isOpen())
        .flatMap(request -> request.parent().stream())
        .collect(Collectors.toSet());
  }

  private static Map<String, FeatureRequest> known(List<FeatureRequest> all) {
    Map<String, FeatureRequest> known = new LinkedHashMap<>();
    all.stream()
        .filter(item -> item.metadata().containsKey(KEY))
        .forEach(item -> known.put(String.valueOf(item.metadata().get(KEY)), item));
    return known;
  }

  private List<FeatureRequest> all() {
    List<FeatureRequest> all = new ArrayList<>();
    Optional<PageRequest> request = Optional.of(PageRequest.first(PageRequest.MAX_LIMIT));
    while (request.isPresent()) {
      PageRequest now = request.get();
      Page<FeatureRequest> page = plinth.as(owner).read(tx -> page(tx, now));
      all.addAll(page.items());
      request = page.next().map(cursor -> PageRequest.after(cursor, PageRequest.MAX_LIMIT));
    }
    return all;
  }

  private Page<FeatureRequest> page(TenantTx tx, PageRequest request) {
    FeatureRequestFilter ours = FeatureRequestFilter.all().project(project.id());
    return projects.featureRequests().list(tx, ours, FeatureRequestOrder.NEWEST, request);
  }
}
