package dev.plinth.testing;

/**
 * One rule over pg_catalog: what it demands, and the query that finds what breaks it. Each query
 * selects from {@code relations} (tables that are no partitions), of which those that are not
 * {@code global} hold a tenant's rows.
 */
enum CatalogRule {
  TENANT_COLUMN_FIRST(
      "the first column is organization_id uuid NOT NULL without default",
      """
      SELECT name FROM relations t WHERE NOT global AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = 1 AND a.attname = 'organization_id'
          AND a.atttypid = 'uuid'::regtype AND a.attnotnull AND NOT a.atthasdef)
      """),
  KEYS_START_WITH_TENANT(
      "primary, unique and foreign keys start with organization_id",
      """
      SELECT name || '.' || c.conname FROM relations t JOIN pg_constraint c ON c.conrelid = t.oid
      WHERE NOT global AND c.contype IN ('p', 'u', 'f')
        AND c.conkey[1] <> coalesce((SELECT a.attnum FROM pg_attribute a
                                     WHERE a.attrelid = t.oid AND a.attname = 'organization_id'), 0)
        AND NOT (name = 'plinth_base.organization_members' AND c.conname = 'organization_members_user_fk')
      """),
  PRIMARY_KEY(
      "there is a primary key",
      """
      SELECT name FROM relations t WHERE NOT EXISTS (
        SELECT FROM pg_constraint c WHERE c.conrelid = t.oid AND c.contype = 'p')
      """),
  INDEXES_START_WITH_TENANT(
      "indexes start with organization_id, unless they are listed for discovery",
      """
      SELECT name || '.' || x.relname FROM relations t JOIN pg_index i ON i.indrelid = t.oid
      JOIN pg_class x ON x.oid = i.indexrelid
      WHERE NOT global AND i.indkey[0] <> coalesce((SELECT a.attnum FROM pg_attribute a
              WHERE a.attrelid = t.oid AND a.attname = 'organization_id'), 0)
        AND NOT EXISTS (SELECT FROM excepted e WHERE e.index = schema || '.' || x.relname)
      """),
  ROW_SECURITY(
      "row-level security is enabled and forced",
      "SELECT name FROM relations WHERE NOT (relrowsecurity AND relforcerowsecurity)"),
  POLICIES_NAME_TENANT(
      "policies of the application name the organization, and hold no subquery",
      """
      SELECT name || '.' || p.polname FROM relations t JOIN pg_policy p ON p.polrelid = t.oid
      CROSS JOIN LATERAL (VALUES (pg_get_expr(p.polqual, p.polrelid)), (pg_get_expr(p.polwithcheck, p.polrelid))) AS e(text)
      WHERE e.text IS NOT NULL AND (e.text ~* '\\mselect\\M' OR (NOT global
        AND e.text !~ '^\\(\\(?organization_id = (plinth_base\\.)?current_organization_id\\(\\)\\)( AND .*\\))?$'
        AND p.polroles NOT IN (
          ARRAY[t.relowner], ARRAY(SELECT r.oid FROM pg_roles r WHERE r.rolname = plinth_base.role_name('system')))))
      """),
  POLICIES_ARE_PERMISSIVE(
      "policies are permissive: the tenant condition is in each",
      "SELECT name || '.' || p.polname FROM relations t JOIN pg_policy p ON p.polrelid = t.oid WHERE NOT p.polpermissive"),
  POLICIES_HAVE_ROLES(
      "policies are for Plinth's roles, not for everybody",
      "SELECT name || '.' || p.polname FROM relations t JOIN pg_policy p ON p.polrelid = t.oid WHERE 0 = ANY (p.polroles)"),
  READABLE(
      "the application has a policy for SELECT",
      """
      SELECT name FROM relations t WHERE NOT EXISTS (
        SELECT FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)
        WHERE p.polrelid = t.oid AND p.polcmd IN ('r', '*') AND r.rolname = plinth_base.role_name('app'))
      """),
  GRANTS(
      "nobody but the owner and Plinth's roles has rights on tables, and nobody may TRUNCATE",
      """
      SELECT name || ' (' || coalesce(r.rolname, 'PUBLIC') || ' ' || g.privilege_type || ')'
      FROM relations t CROSS JOIN LATERAL aclexplode(t.relacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
      WHERE g.grantee <> t.relowner AND (g.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN')
        OR coalesce(r.rolname, '') NOT IN
           (plinth_base.role_name('app'), plinth_base.role_name('reader'), plinth_base.role_name('system')))
      """),
  COLUMN_GRANTS(
      "nobody but Plinth's roles has rights on columns",
      """
      SELECT name || '.' || a.attname FROM relations t JOIN pg_attribute a ON a.attrelid = t.oid
      CROSS JOIN LATERAL aclexplode(a.attacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
      WHERE g.grantee <> t.relowner AND coalesce(r.rolname, '') NOT IN
            (plinth_base.role_name('app'), plinth_base.role_name('reader'), plinth_base.role_name('system'))
      """),
  SCHEMA_GRANTS(
      "nobody but the owner may create anything in the schema",
      """
      SELECT n.nspname FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) g
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters) AND g.privilege_type = 'CREATE' AND g.grantee <> n.nspowner
      """),
  ROLES_STAND_ALONE(
      "none of Plinth's roles is a member of another role, but the system may be let read all statistics",
      """
      SELECT m.rolname || ' in ' || r.rolname FROM pg_auth_members a
      JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
      WHERE m.rolname IN (plinth_base.role_name('app'), plinth_base.role_name('reader'), plinth_base.role_name('system'))
        AND NOT (m.rolname = plinth_base.role_name('system') AND r.rolname = 'pg_read_all_stats')
      """),
  NO_RIGHTS_ON_PARTITIONS(
      "nobody has rights on a partition: policies stand on the parent only",
      """
      SELECT DISTINCT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL (
        SELECT r.grantee FROM aclexplode(c.relacl) r UNION ALL
        SELECT r.grantee FROM pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) r WHERE a.attrelid = c.oid) g
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters) AND c.relispartition AND g.grantee <> c.relowner
      """),
  REFERENCES_CAN_BE_EMPTIED(
      "what refers to a partitioned table can be emptied by plinth_system: UPDATE where NULL may be, else DELETE",
      """
      SELECT name || '.' || c.conname FROM relations t JOIN pg_constraint c ON c.conrelid = t.oid
      JOIN pg_class p ON p.oid = c.confrelid AND p.relkind = 'p'
      CROSS JOIN LATERAL (
        SELECT CASE WHEN bool_and(a.attnotnull) THEN 'DELETE' ELSE 'UPDATE' END AS needed
        FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (c.conkey)) AS v
      WHERE c.contype = 'f' AND c.conparentid = 0 AND NOT (
        has_table_privilege(plinth_base.role_name('system'), t.oid, 'SELECT')
        AND has_table_privilege(plinth_base.role_name('system'), t.oid, v.needed) AND EXISTS (
          SELECT FROM pg_policy y JOIN pg_roles r ON r.oid = ANY (y.polroles)
          WHERE y.polrelid = t.oid AND r.rolname = plinth_base.role_name('system')
            AND y.polcmd IN ('*', CASE v.needed WHEN 'DELETE' THEN 'd'::"char" ELSE 'w' END)))
      """),
  NO_DEFAULT_PRIVILEGES(
      "there are no default privileges: they would expose partitions",
      """
      SELECT n.nspname FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters)
      """),
  USERS_ARE_MEMBERS(
      "a user is referenced as a member, by (organization_id, user_id)",
      """
      SELECT name || '.' || c.conname FROM relations t JOIN pg_constraint c ON c.conrelid = t.oid
      WHERE c.contype = 'f' AND c.confrelid = to_regclass('plinth_base.users')
        AND name <> 'plinth_base.organization_members'
      """),
  NO_SET_NULL(
      "no foreign key sets NULL or a default, on delete or on update",
      """
      SELECT name || '.' || c.conname FROM relations t JOIN pg_constraint c ON c.conrelid = t.oid
      WHERE c.contype = 'f' AND (c.confdeltype IN ('n', 'd') OR c.confupdtype IN ('n', 'd'))
      """),
  CONSTRAINT_NAMES(
      "constraints are named <table>_<what>_{pk,uq,fk,ck}",
      """
      SELECT name || '.' || c.conname FROM relations t JOIN pg_constraint c ON c.conrelid = t.oid
      WHERE c.contype IN ('p', 'u', 'f', 'c') AND c.conparentid = 0 AND c.conname !~ ('^' || t.relname || '_\\w+_'
        || CASE c.contype WHEN 'p' THEN 'pk' WHEN 'u' THEN 'uq' WHEN 'f' THEN 'fk' ELSE 'ck' END || '$')
      """),
  INDEX_NAMES(
      "indexes are named <table>_<what>_ix, unique ones <table>_<what>_uq",
      """
      SELECT name || '.' || x.relname FROM relations t JOIN pg_index i ON i.indrelid = t.oid
      JOIN pg_class x ON x.oid = i.indexrelid
      WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.oid)
        AND x.relname !~ ('^' || t.relname || '_\\w+_' || CASE WHEN i.indisunique THEN 'uq' ELSE 'ix' END || '$')
      """),
  COMMENTS(
      "every table and every view says what it is for",
      """
      SELECT name FROM relations t WHERE obj_description(t.oid, 'pg_class') IS NULL
      UNION ALL
      SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters) AND c.relkind = 'v' AND obj_description(c.oid, 'pg_class') IS NULL
      """),
  TIMES_HAVE_ZONES(
      "times are timestamptz",
      """
      SELECT name || '.' || a.attname FROM relations t JOIN pg_attribute a ON a.attrelid = t.oid
      WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('timestamp'::regtype, 'timetz'::regtype)
      """),
  VIEWS_ASK_AS_CALLER(
      "views are security_invoker, and none is materialized",
      """
      SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters) AND (c.relkind = 'm' OR (c.relkind = 'v'
        AND NOT coalesce(c.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1']))
      """),
  DEFINERS_ARE_FENCED(
      "SECURITY DEFINER functions have a fixed search_path and are not for PUBLIC",
      """
      SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters) AND p.prosecdef
        AND (NOT EXISTS (SELECT FROM unnest(coalesce(p.proconfig, '{}')) o WHERE o LIKE 'search_path=%')
             OR p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) g WHERE g.grantee = 0))
      """),
  TRIGGERS_FIX_THEIR_PATH(
      "functions of triggers have a fixed search_path: a temporary type comes before pg_catalog's on anybody's",
      """
      SELECT DISTINCT n.nspname || '.' || p.proname
      FROM relations t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
      JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters)
        AND NOT EXISTS (SELECT FROM unnest(coalesce(p.proconfig, '{}')) o WHERE o LIKE 'search_path=%')
      """),
  POLICY_FUNCTIONS_ARE_BOUND(
      "functions of policies are written with RETURN, so that their names mean the same on any search_path",
      """
      SELECT DISTINCT n.nspname || '.' || p.proname
      FROM relations t JOIN pg_policy o ON o.polrelid = t.oid
      JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_proc'::regclass
      JOIN pg_proc p ON p.oid = d.refobjid JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname IN (SELECT unnest(s) FROM parameters) AND p.prosqlbody IS NULL
      """),
  ROW_TRIGGERS(
      "triggers are row-level",
      """
      SELECT name || '.' || g.tgname FROM relations t JOIN pg_trigger g ON g.tgrelid = t.oid
      WHERE NOT g.tgisinternal AND g.tgtype & 1 = 0
      """);

  /** The parameters: schemas, global tables, discovery indexes. */
  private static final String PREFIX =
      """
      WITH parameters AS (SELECT ?::text[] AS s, ?::text[] AS g, ?::text[] AS d),
      excepted AS (SELECT unnest(d) AS index FROM parameters),
      relations AS (
        SELECT c.*, n.nspname AS schema, n.nspname || '.' || c.relname AS name,
               n.nspname || '.' || c.relname = ANY (g) AS global
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN parameters
        WHERE n.nspname = ANY (s) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relname !~ '^migration_history')
      """;

  private final String demand;
  private final String query;

  CatalogRule(String demand, String query) {
    this.demand = demand;
    this.query = query;
  }

  String demand() {
    return demand;
  }

  String sql() {
    return PREFIX + query;
  }
}
