package dev.plinth.projects.project;

import static dev.plinth.projects.jooq.Tables.PROJECTS;
import static dev.plinth.projects.jooq.Tables.PROJECT_OVERVIEW;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.jooq.tables.records.ProjectOverviewRecord;
import dev.plinth.projects.jooq.tables.records.ProjectsRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of projects. */
final class ProjectQueries {

  private static final String BY_ID = "projects-by-id";
  private static final String OVERVIEWS_BY_ID = "project-overviews-by-id";

  /** The stored project; empty if the key is taken. */
  Optional<Project> insert(TenantTx tx, NewProject project, String key, @Nullable UUID owner) {
    return tx.dsl()
        .insertInto(PROJECTS)
        .set(PROJECTS.ORGANIZATION_ID, tx.organizationId())
        .set(PROJECTS.KEY, key)
        .set(PROJECTS.NAME, project.name())
        .set(PROJECTS.DESCRIPTION, project.description())
        .set(PROJECTS.GOALS, project.goals())
        .set(PROJECTS.STATUS, project.status())
        .set(PROJECTS.PRIORITY, project.priority())
        .set(PROJECTS.START_DATE, project.startDate())
        .set(PROJECTS.TARGET_DATE, project.targetDate())
        .set(PROJECTS.OWNER_ID, owner)
        .set(PROJECTS.WORKSPACE_ID, project.workspace())
        .set(PROJECTS.TAGS, project.tags().toArray(String[]::new))
        .set(PROJECTS.METADATA, project.metadata())
        .onConflict(PROJECTS.ORGANIZATION_ID, PROJECTS.KEY)
        .where(PROJECTS.DELETED_AT.isNull())
        .doNothing()
        .returning()
        .fetchOptional(ProjectQueries::project);
  }

  /** The first key that no project has; empty if all are taken. */
  Optional<String> firstFree(TenantTx tx, List<String> keys) {
    Set<String> taken =
        tx.dsl()
            .select(PROJECTS.KEY)
            .from(PROJECTS)
            .where(live(tx), PROJECTS.KEY.eq(DSL.any(keys.toArray(String[]::new))))
            .fetchSet(PROJECTS.KEY);
    return keys.stream().filter(key -> !taken.contains(key)).findFirst();
  }

  Optional<Project> find(TenantTx tx, Condition which) {
    return tx.dsl()
        .selectFrom(PROJECTS)
        .where(live(tx), which)
        .fetchOptional(ProjectQueries::project);
  }

  Page<Project> page(TenantTx tx, ProjectFilter filter, PageRequest request) {
    Keyset keyset = Keyset.of(BY_ID, filter, tx.organizationId());
    List<Project> rows =
        tx.dsl()
            .selectFrom(PROJECTS)
            .where(live(tx), matching(filter), after(keyset, request, PROJECTS.ID))
            .orderBy(PROJECTS.ID)
            .limit(request.limit() + 1)
            .fetch(ProjectQueries::project);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  /** The changed project; empty if there is none of that version, or who acts may not change it. */
  Optional<Project> update(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
        .update(PROJECTS)
        .set(changes)
        .where(live(tx), PROJECTS.ID.eq(id), PROJECTS.VERSION.eq(version))
        .returning()
        .fetchOptional(ProjectQueries::project);
  }

  Optional<ProjectOverview> overview(TenantTx tx, UUID id) {
    return tx.dsl()
        .selectFrom(PROJECT_OVERVIEW)
        .where(PROJECT_OVERVIEW.ORGANIZATION_ID.eq(tx.organizationId()), PROJECT_OVERVIEW.ID.eq(id))
        .fetchOptional(ProjectQueries::overview);
  }

  Page<ProjectOverview> overviews(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of(OVERVIEWS_BY_ID, tx.organizationId());
    List<ProjectOverview> rows =
        tx.dsl()
            .selectFrom(PROJECT_OVERVIEW)
            .where(
                PROJECT_OVERVIEW.ORGANIZATION_ID.eq(tx.organizationId()),
                after(keyset, request, PROJECT_OVERVIEW.ID))
            .orderBy(PROJECT_OVERVIEW.ID)
            .limit(request.limit() + 1)
            .fetch(ProjectQueries::overview);
    return keyset.page(rows, request, row -> List.of(row.projectId().toString()));
  }

  private static Condition live(TenantTx tx) {
    return PROJECTS.ORGANIZATION_ID.eq(tx.organizationId()).and(PROJECTS.DELETED_AT.isNull());
  }

  private static Condition matching(ProjectFilter filter) {
    return DSL.and(
        filter.status() == null ? DSL.noCondition() : PROJECTS.STATUS.eq(filter.status()),
        filter.owner() == null ? DSL.noCondition() : PROJECTS.OWNER_ID.eq(filter.owner()),
        filter.workspace() == null
            ? DSL.noCondition()
            : PROJECTS.WORKSPACE_ID.eq(filter.workspace()));
  }

  private static Condition after(Keyset keyset, PageRequest request, Field<UUID> id) {
    return keyset.after(request, id, UUID::fromString);
  }

  private static Project project(ProjectsRecord row) {
    return new Project(
        row.getOrganizationId(),
        row.getId(),
        row.getKey(),
        row.getName(),
        row.getDescription(),
        row.getGoals(),
        row.getStatus(),
        row.getPriority(),
        row.getStartDate(),
        row.getTargetDate(),
        row.getCompletedAt(),
        row.getOwnerId(),
        row.getWorkspaceId(),
        List.of(row.getTags()),
        row.getMetadata(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }

  private static ProjectOverview overview(ProjectOverviewRecord row) {
    return new ProjectOverview(
        row.getOrganizationId(),
        row.getId(),
        row.getKey(),
        row.getName(),
        row.getStatus(),
        row.getPriority(),
        row.getStartDate(),
        row.getTargetDate(),
        row.getCompletedAt(),
        row.getOwnerId(),
        row.getOwnerName(),
        List.of(row.getRepositoryNames()),
        row.getRepositoryCount(),
        row.getBranchCount(),
        row.getMemberCount(),
        row.getFeatureRequestCount(),
        row.getOpenFeatureRequestCount(),
        row.getOverdueFeatureRequestCount(),
        row.getIsOverdue(),
        row.getDaysToTarget());
  }
}
