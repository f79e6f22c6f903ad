package dev.plinth.projects.git;

import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Stores what a synchronisation found: one statement for each kind of change, however many. */
final class BranchWrites {

  private static final String DELETE =
      """
      UPDATE plinth_projects.repository_branches
      SET deleted_at = cast(? AS timestamptz), is_default = false
      WHERE organization_id = ? AND repository_id = ? AND id = ANY(?)
      """;

  private static final String UPDATE =
      """
      UPDATE plinth_projects.repository_branches b
      SET name = c.name,
          is_default = c.is_default,
          head_sha = coalesce(c.head_sha, b.head_sha),
          head_author = coalesce(c.head_author, b.head_author),
          head_authored_at = coalesce(to_timestamp(c.head_authored_at), b.head_authored_at),
          head_message = coalesce(c.head_message, b.head_message),
          force_pushed_at = CASE WHEN c.force_pushed THEN cast(? AS timestamptz) ELSE b.force_pushed_at END,
          force_pushed_from = CASE WHEN c.force_pushed THEN b.head_sha ELSE b.force_pushed_from END
      FROM unnest(cast(? AS uuid[]), cast(? AS text[]), cast(? AS boolean[]), cast(? AS boolean[]),
                  cast(? AS text[]), cast(? AS text[]), cast(? AS bigint[]), cast(? AS text[]))
        AS c (id, name, is_default, force_pushed, head_sha, head_author, head_authored_at, head_message)
      WHERE b.organization_id = ? AND b.repository_id = ? AND b.id = c.id
      """;

  private static final String INSERT =
      """
      INSERT INTO plinth_projects.repository_branches
        (organization_id, repository_id, name, is_default, head_sha, head_author, head_authored_at, head_message)
      SELECT ?, ?, c.name, c.is_default, c.head_sha, c.head_author, to_timestamp(c.head_authored_at), c.head_message
      FROM unnest(cast(? AS text[]), cast(? AS boolean[]),
                  cast(? AS text[]), cast(? AS text[]), cast(? AS bigint[]), cast(? AS text[]))
        AS c (name, is_default, head_sha, head_author, head_authored_at, head_message)
      """;

  private final TenantTx tx;
  private final UUID repository;

  BranchWrites(TenantTx tx, UUID repository) {
    this.tx = tx;
    this.repository = repository;
  }

  void write(BranchChanges changes) {
    if (!changes.deleted().isEmpty()) {
      delete(changes.deleted());
    }
    if (!changes.kept().isEmpty()) {
      update(changes.kept());
    }
    if (!changes.created().isEmpty()) {
      insert(changes.created());
    }
  }

  private void delete(List<StoredBranch> branches) {
    UUID[] ids = column(branches, UUID[]::new, StoredBranch::id);
    tx.dsl().execute(DELETE, tx.now(), tx.organizationId(), repository, ids);
  }

  private void update(List<BranchChanges.Kept> branches) {
    tx.dsl()
        .execute(
            UPDATE,
            tx.now(),
            column(branches, UUID[]::new, branch -> branch.before().id()),
            column(branches, String[]::new, BranchChanges.Kept::name),
            column(branches, Boolean[]::new, BranchChanges.Kept::isDefault),
            column(branches, Boolean[]::new, BranchChanges.Kept::forcePushed),
            column(branches, String[]::new, head(HeadCommit::sha)),
            column(branches, String[]::new, head(HeadCommit::author)),
            column(branches, Long[]::new, head(HeadCommit::authoredAt)),
            column(branches, String[]::new, head(HeadCommit::message)),
            tx.organizationId(),
            repository);
  }

  private void insert(List<BranchChanges.Created> branches) {
    tx.dsl()
        .execute(
            INSERT,
            tx.organizationId(),
            repository,
            column(branches, String[]::new, BranchChanges.Created::name),
            column(branches, Boolean[]::new, BranchChanges.Created::isDefault),
            column(branches, String[]::new, branch -> branch.head().sha()),
            column(branches, String[]::new, branch -> branch.head().author()),
            column(branches, Long[]::new, branch -> branch.head().authoredAt()),
            column(branches, String[]::new, branch -> branch.head().message()));
  }

  /** Null where the head stays, so that what is stored stays. */
  private static <V> Function<BranchChanges.Kept, @Nullable V> head(
      Function<HeadCommit, V> component) {
    return branch -> branch.headOrNull() == null ? null : component.apply(branch.headOrNull());
  }

  private static <R, V> V[] column(
      List<R> rows, IntFunction<V[]> array, Function<R, ? extends @Nullable V> value) {
    return rows.stream().map(value).toArray(array);
  }
}
