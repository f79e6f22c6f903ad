package dev.plinth.projects.repository;

import static dev.plinth.projects.jooq.Tables.PROJECTS;
import static dev.plinth.projects.jooq.Tables.PROJECT_REPOSITORIES;
import static dev.plinth.projects.jooq.Tables.REPOSITORIES;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The SQL of which project works with which repository. */
final class LinkQueries {

  private static final String BY_ID = "project-repositories-by-id";

  Optional<LinkRole> role(TenantTx tx, UUID project, UUID repository) {
    return tx.dsl()
        .select(PROJECT_REPOSITORIES.ROLE)
        .from(PROJECT_REPOSITORIES)
        .where(one(tx, project, repository))
        .fetchOptional(PROJECT_REPOSITORIES.ROLE);
  }

  void put(TenantTx tx, UUID project, UUID repository, LinkRole role) {
    tx.dsl()
        .insertInto(PROJECT_REPOSITORIES)
        .set(PROJECT_REPOSITORIES.ORGANIZATION_ID, tx.organizationId())
        .set(PROJECT_REPOSITORIES.PROJECT_ID, project)
        .set(PROJECT_REPOSITORIES.REPOSITORY_ID, repository)
        .set(PROJECT_REPOSITORIES.ROLE, role)
        .onConflict(
            PROJECT_REPOSITORIES.ORGANIZATION_ID,
            PROJECT_REPOSITORIES.PROJECT_ID,
            PROJECT_REPOSITORIES.REPOSITORY_ID)
        .doUpdate()
        .set(PROJECT_REPOSITORIES.ROLE, DSL.excluded(PROJECT_REPOSITORIES.ROLE))
        .where(PROJECT_REPOSITORIES.ROLE.ne(DSL.excluded(PROJECT_REPOSITORIES.ROLE)))
        .execute();
  }

  /** The role that it had; empty if it was not linked. */
  Optional<LinkRole> remove(TenantTx tx, UUID project, UUID repository) {
    return tx.dsl()
        .deleteFrom(PROJECT_REPOSITORIES)
        .where(one(tx, project, repository))
        .returning(PROJECT_REPOSITORIES.ROLE)
        .fetchOptional(PROJECT_REPOSITORIES.ROLE);
  }

  List<UUID> projects(TenantTx tx, UUID repository) {
    return tx.dsl()
        .select(PROJECTS.ID)
        .from(PROJECT_REPOSITORIES)
        .join(PROJECTS)
        .on(
            PROJECTS.ORGANIZATION_ID.eq(PROJECT_REPOSITORIES.ORGANIZATION_ID),
            PROJECTS.ID.eq(PROJECT_REPOSITORIES.PROJECT_ID))
        .where(
            PROJECT_REPOSITORIES.ORGANIZATION_ID.eq(tx.organizationId()),
            PROJECT_REPOSITORIES.REPOSITORY_ID.eq(repository),
            PROJECTS.DELETED_AT.isNull())
        .orderBy(PROJECTS.ID)
        .fetch(PROJECTS.ID);
  }

  Page<LinkedRepository> page(TenantTx tx, UUID project, PageRequest request) {
    Keyset keyset = Keyset.of(BY_ID, project, tx.organizationId());
    List<LinkedRepository> rows =
        tx.dsl()
            .select(REPOSITORIES.fields())
            .select(PROJECT_REPOSITORIES.ROLE)
            .from(PROJECT_REPOSITORIES)
            .join(REPOSITORIES)
            .on(
                REPOSITORIES.ORGANIZATION_ID.eq(PROJECT_REPOSITORIES.ORGANIZATION_ID),
                REPOSITORIES.ID.eq(PROJECT_REPOSITORIES.REPOSITORY_ID))
            .where(
                RepositoryQueries.live(tx),
                of(tx, project),
                keyset.after(request, REPOSITORIES.ID, UUID::fromString))
            .orderBy(REPOSITORIES.ID)
            .limit(request.limit() + 1)
            .fetch(LinkQueries::linked);
    return keyset.page(rows, request, row -> List.of(row.repository().id().toString()));
  }

  private static Condition of(TenantTx tx, UUID project) {
    return PROJECT_REPOSITORIES
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(PROJECT_REPOSITORIES.PROJECT_ID.eq(project));
  }

  private static Condition one(TenantTx tx, UUID project, UUID repository) {
    return of(tx, project).and(PROJECT_REPOSITORIES.REPOSITORY_ID.eq(repository));
  }

  private static LinkedRepository linked(Record row) {
    return new LinkedRepository(
        RepositoryQueries.repository(row.into(REPOSITORIES)), row.get(PROJECT_REPOSITORIES.ROLE));
  }
}
