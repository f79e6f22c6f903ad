package dev.plinth.testing;

import dev.plinth.base.module.ModuleDescriptor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/**
 * Reads the catalog and finds tables, keys, policies, grants and functions that break the rules by
 * which tenants are kept apart. Works on the schemas of modules and on a host's own.
 */
public final class CatalogLinter {

  private final List<String> schemas;
  private final List<String> globalTables;
  private final List<String> discoveryIndexes;

  private CatalogLinter(
      List<String> schemas, List<String> globalTables, List<String> discoveryIndexes) {
    this.schemas = schemas;
    this.globalTables = globalTables;
    this.discoveryIndexes = discoveryIndexes;
  }

  /** For the schemas of modules; what their descriptors except is excepted. */
  public static CatalogLinter ofModules(Collection<ModuleDescriptor> modules) {
    List<String> schemas = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    List<String> indexes = new ArrayList<>();
    for (ModuleDescriptor module : modules) {
      schemas.add(module.schema());
      module.globalTables().forEach(table -> tables.add(module.schema() + "." + table));
      module.discoveryIndexes().forEach(index -> indexes.add(module.schema() + "." + index));
    }
    return new CatalogLinter(schemas, tables, indexes);
  }

  /**
   * For any schemas.
   *
   * @param globalTables tables without a tenant, as {@code schema.table}
   * @param discoveryIndexes indexes that do not start with the tenant, as {@code schema.index}
   */
  public static CatalogLinter ofSchemas(
      List<String> schemas, List<String> globalTables, List<String> discoveryIndexes) {
    return new CatalogLinter(
        List.copyOf(schemas), List.copyOf(globalTables), List.copyOf(discoveryIndexes));
  }

  /** What breaks a rule, as a superuser or the owner sees it; empty if all is well. */
  public List<Finding> lint(DataSource database) {
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = database.getConnection()) {
      for (CatalogRule rule : CatalogRule.values()) {
        findings.addAll(broken(connection, rule));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The catalog cannot be read", e);
    }
    return findings;
  }

  private List<Finding> broken(Connection connection, CatalogRule rule) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(rule.sql())) {
      query.setArray(1, connection.createArrayOf("text", schemas.toArray()));
      query.setArray(2, connection.createArrayOf("text", globalTables.toArray()));
      query.setArray(3, connection.createArrayOf("text", discoveryIndexes.toArray()));
      List<Finding> findings = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          findings.add(new Finding(rule.name(), rows.getString(1), rule.demand()));
        }
      }
      return findings;
    }
  }
}
