package dev.plinth.projects.repository;

import static dev.plinth.projects.jooq.Tables.REPOSITORIES;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.jooq.tables.records.RepositoriesRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The SQL of repositories. */
final class RepositoryQueries {

  private static final String BY_ID = "repositories-by-id";

  Repository upsert(TenantTx tx, NewRepository repository) {
    return repository(
        tx.dsl()
            .insertInto(REPOSITORIES)
            .set(REPOSITORIES.ORGANIZATION_ID, tx.organizationId())
            .set(REPOSITORIES.PROVIDER, repository.provider())
            .set(REPOSITORIES.EXTERNAL_ID, repository.externalId())
            .set(said(repository))
            .onConflict(
                REPOSITORIES.ORGANIZATION_ID, REPOSITORIES.PROVIDER, REPOSITORIES.EXTERNAL_ID)
            .doUpdate()
            .set(excluded(said(repository)))
            .setNull(REPOSITORIES.DELETED_AT)
            .returning()
            .fetchSingle());
  }

  Optional<Repository> find(TenantTx tx, Condition which) {
    return tx.dsl()
        .selectFrom(REPOSITORIES)
        .where(live(tx), which)
        .fetchOptional(RepositoryQueries::repository);
  }

  Page<Repository> page(TenantTx tx, PageRequest request) {
    Keyset keyset = Keyset.of(BY_ID, tx.organizationId());
    List<Repository> rows =
        tx.dsl()
            .selectFrom(REPOSITORIES)
            .where(live(tx), keyset.after(request, REPOSITORIES.ID, UUID::fromString))
            .orderBy(REPOSITORIES.ID)
            .limit(request.limit() + 1)
            .fetch(RepositoryQueries::repository);
    return keyset.page(rows, request, row -> List.of(row.id().toString()));
  }

  /** The changed repository; empty if there is none of that version, or it may not be changed. */
  Optional<Repository> update(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    return tx.dsl()
        .update(REPOSITORIES)
        .set(changes)
        .where(live(tx), REPOSITORIES.ID.eq(id), REPOSITORIES.VERSION.eq(version))
        .returning()
        .fetchOptional(RepositoryQueries::repository);
  }

  static Condition live(TenantTx tx) {
    return REPOSITORIES
        .ORGANIZATION_ID
        .eq(tx.organizationId())
        .and(REPOSITORIES.DELETED_AT.isNull());
  }

  static Repository repository(RepositoriesRecord row) {
    return new Repository(
        row.getOrganizationId(),
        row.getId(),
        row.getProvider(),
        row.getExternalId(),
        row.getName(),
        row.getUrl(),
        row.getDefaultBranch(),
        row.getLanguage(),
        row.getAnalysisConfiguration(),
        row.getMetadata(),
        row.getCreatedAt(),
        row.getUpdatedAt(),
        row.getVersion());
  }

  /** Without what is null: on a new row the defaults hold, on an old one what is stored. */
  private static Map<Field<?>, @Nullable Object> said(NewRepository repository) {
    Map<Field<?>, @Nullable Object> said = new LinkedHashMap<>();
    said.put(REPOSITORIES.NAME, repository.name());
    said.put(REPOSITORIES.URL, repository.url());
    said.put(REPOSITORIES.LANGUAGE, repository.language());
    said.put(REPOSITORIES.METADATA, repository.metadata());
    said.values().removeIf(Objects::isNull);
    return said;
  }

  private static Map<Field<?>, Field<?>> excluded(Map<Field<?>, @Nullable Object> said) {
    Map<Field<?>, Field<?>> excluded = new LinkedHashMap<>();
    said.keySet().forEach(field -> excluded.put(field, DSL.excluded(field)));
    return excluded;
  }
}
