package dev.plinth.projects.git;

import static dev.plinth.projects.jooq.Tables.REPOSITORIES;
import static dev.plinth.projects.jooq.Tables.REPOSITORY_BRANCHES;

import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record2;
import org.jooq.SelectConditionStep;

/** The SQL of how far a repository is synchronised. */
final class SyncQueries {

  Optional<SyncState> state(TenantTx tx, UUID repository) {
    return select(tx, repository).fetchOptional(SyncQueries::state);
  }

  /** The same, and nobody else synchronises until the end of the transaction. */
  Optional<SyncState> lock(TenantTx tx, UUID repository) {
    // NO KEY: what only refers to the repository, such as a new link, need not wait.
    return select(tx, repository).forNoKeyUpdate().fetchOptional(SyncQueries::state);
  }

  List<StoredBranch> branches(TenantTx tx, UUID repository) {
    return tx.dsl()
        .select(
            REPOSITORY_BRANCHES.ID,
            REPOSITORY_BRANCHES.NAME,
            REPOSITORY_BRANCHES.HEAD_SHA,
            REPOSITORY_BRANCHES.IS_DEFAULT)
        .from(REPOSITORY_BRANCHES)
        .where(
            REPOSITORY_BRANCHES.ORGANIZATION_ID.eq(tx.organizationId()),
            REPOSITORY_BRANCHES.REPOSITORY_ID.eq(repository),
            REPOSITORY_BRANCHES.DELETED_AT.isNull())
        .orderBy(REPOSITORY_BRANCHES.NAME)
        .fetch(row -> new StoredBranch(row.value1(), row.value2(), row.value3(), row.value4()));
  }

  void advance(TenantTx tx, UUID repository, Heads heads) {
    tx.dsl()
        .update(REPOSITORIES)
        .set(REPOSITORIES.SYNC_CURSOR, heads.digest())
        .set(REPOSITORIES.DEFAULT_BRANCH, heads.defaultBranchOrNull())
        .where(one(tx, repository))
        .execute();
  }

  private static SelectConditionStep<Record2<String, String>> select(TenantTx tx, UUID repository) {
    return tx.dsl()
        .select(REPOSITORIES.SYNC_CURSOR, REPOSITORIES.DEFAULT_BRANCH)
        .from(REPOSITORIES)
        .where(one(tx, repository));
  }

  private static Condition one(TenantTx tx, UUID repository) {
    return REPOSITORIES
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(REPOSITORIES.ID.eq(repository))
        .and(REPOSITORIES.DELETED_AT.isNull());
  }

  private static SyncState state(Record2<String, String> row) {
    return new SyncState(row.value1(), row.value2());
  }
}
