package dev.plinth.base.search;

import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Pages through what one search function finds, best first; the function is made by {@code
 * make_text_search} or {@code make_similarity_search} in a module's migration. What it costs
 * follows how many rows of the organization match, not how many are stored. Immutable.
 */
public final class Search {

  /**
   * How much more is asked for each time when many candidates may not be seen. Every time ranks all
   * matches, so there is no limit to it: ten times are enough for a million.
   */
  private static final int GROWTH = 4;

  /** How many rows are read at once. */
  private static final int MOST_READ = 10_000;

  private final String name;
  private final String candidates;

  private Search(String schema, String function) {
    this.name = schema + '.' + function;
    this.candidates =
        "SELECT id, rank FROM %s(?, CAST(? AS real), CAST(? AS uuid), ?)"
            .formatted(DSL.name(schema, function));
  }

  /** The search of a function, such as {@code plinth_notes.search_notes}. */
  public static Search by(String schema, String function) {
    return new Search(schema, function);
  }

  /**
   * Reads rows by id under the policy.
   *
   * @param <T> what is found
   */
  @FunctionalInterface
  public interface Reader<T> {

    /** Those of the rows that may be seen and are wanted, by id. */
    Map<UUID, T> read(List<UUID> ids);
  }

  /**
   * One page of what is found, best match first, the newer id first where two match alike. Full
   * unless it is the last, however many candidates the reader leaves out.
   *
   * @throws InvalidCursorException if the cursor is of another query, list or organization
   */
  public <T> Page<T> page(TenantTx tx, SearchQuery query, PageRequest request, Reader<T> reader) {
    Keyset keyset = Keyset.of(name, query.text() + '\0' + query.within(), tx.organizationId());
    Candidate after = position(keyset, request);
    List<Hit<T>> hits = new ArrayList<>();
    int batch = request.limit() + 1;
    while (true) {
      List<Candidate> found = candidates(tx, query, after, batch);
      hits.addAll(seen(found, reader, request.limit() + 1 - hits.size()));
      if (hits.size() > request.limit() || found.size() < batch) {
        return page(keyset, hits, request);
      }
      after = found.get(found.size() - 1);
      batch = (int) Math.min((long) batch * GROWTH, Integer.MAX_VALUE);
    }
  }

  private record Candidate(UUID id, float rank) {}

  private record Hit<T>(Candidate candidate, T row) {}

  private List<Candidate> candidates(
      TenantTx tx, SearchQuery query, @Nullable Candidate after, int limit) {
    return tx.dsl()
        .fetch(
            candidates,
            query.text(),
            after == null ? null : after.rank(),
            after == null ? null : after.id(),
            limit)
        .map(row -> new Candidate(row.get(0, UUID.class), row.get(1, Float.class)));
  }

  /** At least as many as are wanted, if there are, without reading many more than that. */
  private static <T> List<Hit<T>> seen(List<Candidate> candidates, Reader<T> reader, int wanted) {
    List<Hit<T>> hits = new ArrayList<>();
    for (int from = 0; from < candidates.size() && hits.size() < wanted; from += MOST_READ) {
      int to = Math.min(from + MOST_READ, candidates.size());
      hits.addAll(seen(candidates.subList(from, to), reader));
    }
    return hits;
  }

  private static <T> List<Hit<T>> seen(List<Candidate> candidates, Reader<T> reader) {
    Map<UUID, T> rows = reader.read(candidates.stream().map(Candidate::id).toList());
    List<Hit<T>> hits = new ArrayList<>();
    for (Candidate candidate : candidates) {
      T row = rows.get(candidate.id());
      if (row != null) {
        hits.add(new Hit<>(candidate, row));
      }
    }
    return hits;
  }

  private static <T> Page<T> page(Keyset keyset, List<Hit<T>> hits, PageRequest request) {
    List<Hit<T>> first = hits.subList(0, Math.min(hits.size(), request.limit() + 1));
    Page<Hit<T>> page =
        keyset.page(
            first,
            request,
            hit ->
                List.of(Float.toString(hit.candidate().rank()), hit.candidate().id().toString()));
    return new Page<>(page.items().stream().map(Hit::row).toList(), page.nextCursor());
  }

  private @Nullable Candidate position(Keyset keyset, PageRequest request) {
    List<String> position = keyset.position(request, 2);
    if (position.isEmpty()) {
      return null;
    }
    try {
      return new Candidate(UUID.fromString(position.get(1)), Float.parseFloat(position.get(0)));
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException(name, e);
    }
  }
}
