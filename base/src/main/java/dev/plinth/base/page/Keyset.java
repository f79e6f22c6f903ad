package dev.plinth.base.page;

import dev.plinth.base.error.InvalidCursorException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The pages of one query: its cursors name the query and the organization, so that a cursor of
 * another list or another tenant is refused and not misread.
 */
public final class Keyset {

  /** In place of the organization for lists across organizations. */
  private static final String ACROSS = "*";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final String query;
  private final String organization;

  private Keyset(String query, String organization) {
    this.query = query;
    this.organization = organization;
  }

  /**
   * The pages of a tenant's list.
   *
   * @param query a name for the list and its order, stable between releases
   */
  public static Keyset of(String query, UUID organization) {
    return new Keyset(query, organization.toString());
  }

  /**
   * The pages of a tenant's list that a filter narrows: a cursor of another filter is refused.
   *
   * @param query as for {@link #of(String, UUID)}
   * @param filter a record, an id, a text: what decides which rows are listed, as text that differs
   *     where that does
   */
  public static Keyset of(String query, Object filter, UUID organization) {
    return of(query + ':' + fingerprint(filter), organization);
  }

  /** The pages of a list across organizations. */
  public static Keyset across(String query) {
    return new Keyset(query, ACROSS);
  }

  /**
   * The key of the last row of the page before, as texts in the order of the query.
   *
   * @return empty for the first page
   * @throws InvalidCursorException if the cursor is malformed or not of this query and organization
   */
  public List<String> position(PageRequest request, int keys) {
    if (request.cursor() == null) {
      return List.of();
    }
    String[] parts = decode(request.cursor());
    if (parts.length != keys + 2 || !parts[0].equals(query) || !parts[1].equals(organization)) {
      throw new InvalidCursorException(query, null);
    }
    return List.of(parts).subList(2, parts.length);
  }

  /**
   * What the rows of the page have in common, for a list ordered by one column.
   *
   * @param parse makes a value of the column from its text
   * @return the column is greater than where the page before ended; no condition for the first page
   * @throws InvalidCursorException as for {@link #position}
   */
  public <T> Condition after(PageRequest request, Field<T> column, Function<String, T> parse) {
    List<String> position = position(request, 1);
    if (position.isEmpty()) {
      return DSL.noCondition();
    }
    try {
      return column.gt(parse.apply(position.get(0)));
    } catch (IllegalArgumentException e) {
      throw new InvalidCursorException(query, e);
    }
  }

  /**
   * Makes the page of what was read.
   *
   * @param rows one more row than the limit, if there was one
   * @param key the key of a row, as texts in the order of the query
   */
  public <T> Page<T> page(List<T> rows, PageRequest request, Function<T, List<String>> key) {
    if (rows.size() <= request.limit()) {
      return new Page<>(rows, null);
    }
    List<T> items = rows.subList(0, request.limit());
    return new Page<>(items, encode(key.apply(items.get(items.size() - 1))));
  }

  /** Short, so that the cursor is; two filters that share it would share their cursors, no more. */
  private static UUID fingerprint(Object filter) {
    return UUID.nameUUIDFromBytes(filter.toString().getBytes(StandardCharsets.UTF_8));
  }

  private String encode(List<String> key) {
    String[] parts = new String[key.size() + 2];
    parts[0] = query;
    parts[1] = organization;
    for (int i = 0; i < key.size(); i++) {
      parts[i + 2] = key.get(i);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(parts));
  }

  private String[] decode(String cursor) {
    try {
      @Nullable String[] parts =
          JSON.readValue(Base64.getUrlDecoder().decode(cursor), String[].class);
      if (parts != null
          && !List.of(parts).isEmpty()
          && List.of(parts).stream().noneMatch(part -> part.indexOf(0) >= 0)) {
        return parts;
      }
      throw new InvalidCursorException(query, null);
    } catch (IllegalArgumentException | JacksonException | NullPointerException e) {
      throw new InvalidCursorException(query, e);
    }
  }
}
