package dev.plinth.testing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A table that holds rows of organizations.
 *
 * @param name as {@code schema.table}
 * @param updatable a column that the application may update, if there is one
 * @param written the columns that are not generated, with commas between
 */
record TenantTable(String name, @Nullable String updatable, String written) {

  private static final String ALL =
      """
      SELECT n.nspname || '.' || c.relname,
             (SELECT u.attname FROM pg_attribute u
              WHERE u.attrelid = c.oid AND u.attnum > 0 AND NOT u.attisdropped AND u.attgenerated = ''
                AND has_column_privilege(plinth_base.role_name('app'), c.oid, u.attnum, 'UPDATE')
              ORDER BY u.attname IN ('organization_id', 'id'), u.attnum LIMIT 1),
             (SELECT string_agg(quote_ident(w.attname), ', ' ORDER BY w.attnum) FROM pg_attribute w
              WHERE w.attrelid = c.oid AND w.attnum > 0 AND NOT w.attisdropped AND w.attgenerated = '')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
      WHERE n.nspname = ANY (?) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      ORDER BY 1
      """;

  static List<TenantTable> in(DataSource database, List<String> schemas) {
    try (Connection connection = database.getConnection();
        PreparedStatement query = connection.prepareStatement(ALL)) {
      query.setArray(1, connection.createArrayOf("text", schemas.toArray()));
      List<TenantTable> tables = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          tables.add(new TenantTable(rows.getString(1), rows.getString(2), rows.getString(3)));
        }
      }
      return tables;
    } catch (SQLException e) {
      throw new IllegalStateException("The catalog cannot be read", e);
    }
  }

  /** Some row of an organization as JSON, as a superuser sees it; empty if it has none. */
  Optional<String> anyRow(DataSource superuser, UUID organization) {
    String sql = "SELECT to_jsonb(t)::text FROM " + name + " t WHERE organization_id = ? LIMIT 1";
    try (Connection connection = superuser.getConnection();
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setObject(1, organization);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read " + name, e);
    }
  }

  String count(String condition) {
    return "SELECT count(*)::int FROM " + name + " WHERE " + condition;
  }

  Optional<String> update(String condition) {
    return Optional.ofNullable(updatable)
        .map(column -> "UPDATE %s SET %2$s = %2$s WHERE %3$s".formatted(name, column, condition));
  }

  String delete(String condition) {
    return "DELETE FROM " + name + " WHERE " + condition;
  }

  /** Inserts a row that is given as JSON. */
  String insert() {
    return "INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, CAST(? AS jsonb))"
        .formatted(name, written);
  }

  /** Everything of an organization, as one text to compare. */
  String checksum(UUID organization) {
    return "SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM %s t WHERE organization_id = '%s'"
        .formatted(name, organization);
  }
}
