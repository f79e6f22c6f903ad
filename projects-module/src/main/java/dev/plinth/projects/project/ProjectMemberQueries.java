package dev.plinth.projects.project;

import static dev.plinth.base.jooq.Tables.ORGANIZATION_MEMBERS;
import static dev.plinth.projects.jooq.Tables.PROJECTS;
import static dev.plinth.projects.jooq.Tables.PROJECT_MEMBERS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;

/** The SQL of project members. */
final class ProjectMemberQueries {

  private static final String BY_USER = "project-members-by-user";

  /** Whether the user was none before. */
  boolean add(TenantTx tx, UUID project, UUID user, ProjectRole role) {
    return tx.dsl()
            .insertInto(PROJECT_MEMBERS)
            .set(PROJECT_MEMBERS.ORGANIZATION_ID, tx.organizationId())
            .set(PROJECT_MEMBERS.PROJECT_ID, project)
            .set(PROJECT_MEMBERS.USER_ID, user)
            .set(PROJECT_MEMBERS.ROLE, role)
            .onConflict(
                PROJECT_MEMBERS.ORGANIZATION_ID,
                PROJECT_MEMBERS.PROJECT_ID,
                PROJECT_MEMBERS.USER_ID)
            .doNothing()
            .execute()
        == 1;
  }

  Optional<ProjectMember> find(TenantTx tx, UUID project, UUID user) {
    return select(tx)
        .where(of(tx, project), PROJECT_MEMBERS.USER_ID.eq(user))
        .fetchOptional(ProjectMemberQueries::member);
  }

  Page<ProjectMember> page(TenantTx tx, UUID project, PageRequest request) {
    Keyset keyset = Keyset.of(BY_USER, project, tx.organizationId());
    List<ProjectMember> rows =
        select(tx)
            .where(
                of(tx, project), keyset.after(request, PROJECT_MEMBERS.USER_ID, UUID::fromString))
            .orderBy(PROJECT_MEMBERS.USER_ID)
            .limit(request.limit() + 1)
            .fetch(ProjectMemberQueries::member);
    return keyset.page(rows, request, row -> List.of(row.userId().toString()));
  }

  /** Whether there was such a member of that version. */
  boolean changeRole(TenantTx tx, UUID project, UUID user, int version, ProjectRole role) {
    return tx.dsl()
            .update(PROJECT_MEMBERS)
            .set(PROJECT_MEMBERS.ROLE, role)
            .where(one(tx, project, user), PROJECT_MEMBERS.VERSION.eq(version))
            .execute()
        == 1;
  }

  /** Whether there was such a member of that version. */
  boolean remove(TenantTx tx, UUID project, UUID user, int version) {
    return tx.dsl()
            .deleteFrom(PROJECT_MEMBERS)
            .where(one(tx, project, user), PROJECT_MEMBERS.VERSION.eq(version))
            .execute()
        == 1;
  }

  private static SelectOnConditionStep<Record> select(TenantTx tx) {
    return tx.dsl()
        .select(PROJECT_MEMBERS.fields())
        .select(ORGANIZATION_MEMBERS.DISPLAY_NAME)
        .from(PROJECT_MEMBERS)
        .join(PROJECTS)
        .on(
            PROJECTS.ORGANIZATION_ID.eq(PROJECT_MEMBERS.ORGANIZATION_ID),
            PROJECTS.ID.eq(PROJECT_MEMBERS.PROJECT_ID),
            PROJECTS.DELETED_AT.isNull())
        .join(ORGANIZATION_MEMBERS)
        .on(
            ORGANIZATION_MEMBERS.ORGANIZATION_ID.eq(PROJECT_MEMBERS.ORGANIZATION_ID),
            ORGANIZATION_MEMBERS.USER_ID.eq(PROJECT_MEMBERS.USER_ID),
            ORGANIZATION_MEMBERS.LEFT_AT.isNull());
  }

  private static Condition of(TenantTx tx, UUID project) {
    return PROJECT_MEMBERS
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(PROJECT_MEMBERS.PROJECT_ID.eq(project));
  }

  private static Condition one(TenantTx tx, UUID project, UUID user) {
    return of(tx, project).and(PROJECT_MEMBERS.USER_ID.eq(user));
  }

  private static ProjectMember member(Record row) {
    return new ProjectMember(
        row.get(PROJECT_MEMBERS.ORGANIZATION_ID),
        row.get(PROJECT_MEMBERS.PROJECT_ID),
        row.get(PROJECT_MEMBERS.USER_ID),
        row.get(PROJECT_MEMBERS.ROLE),
        row.get(ORGANIZATION_MEMBERS.DISPLAY_NAME),
        row.get(PROJECT_MEMBERS.CREATED_AT),
        row.get(PROJECT_MEMBERS.UPDATED_AT),
        row.get(PROJECT_MEMBERS.VERSION));
  }
}
