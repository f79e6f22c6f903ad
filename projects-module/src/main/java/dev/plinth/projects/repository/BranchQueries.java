package dev.plinth.projects.repository;

import static dev.plinth.projects.jooq.Tables.REPOSITORY_BRANCHES;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.jooq.tables.records.RepositoryBranchesRecord;
import java.util.List;
import java.util.UUID;

/** The SQL of reading branches; writing them is the work of synchronisation. */
final class BranchQueries {

  private static final String BY_NAME = "repository-branches-by-name";

  Page<Branch> page(TenantTx tx, UUID repository, PageRequest request) {
    Keyset keyset = Keyset.of(BY_NAME, repository, tx.organizationId());
    List<Branch> rows =
        tx.dsl()
            .selectFrom(REPOSITORY_BRANCHES)
            .where(
                REPOSITORY_BRANCHES.ORGANIZATION_ID.eq(tx.organizationId()),
                REPOSITORY_BRANCHES.REPOSITORY_ID.eq(repository),
                REPOSITORY_BRANCHES.DELETED_AT.isNull(),
                keyset.after(request, REPOSITORY_BRANCHES.NAME, text -> text))
            .orderBy(REPOSITORY_BRANCHES.NAME)
            .limit(request.limit() + 1)
            .fetch(BranchQueries::branch);
    return keyset.page(rows, request, row -> List.of(row.name()));
  }

  private static Branch branch(RepositoryBranchesRecord row) {
    return new Branch(
        row.getOrganizationId(),
        row.getId(),
        row.getRepositoryId(),
        row.getName(),
        row.getHeadSha(),
        row.getHeadAuthor(),
        row.getHeadAuthoredAt(),
        row.getHeadMessage(),
        row.getIsDefault(),
        row.getIsProtected(),
        row.getForcePushedAt(),
        row.getForcePushedFrom(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }
}
