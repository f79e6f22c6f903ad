-- Search under row-level security. Operators that are not leakproof (@@, %) never become index conditions of the
-- application, so a search would read every row of the organization. A module's migration calls make_text_search() or
-- make_similarity_search(): each makes an index that begins with the organization, and a function of plinth_system that
-- returns ids and ranks of the transaction's organization. The rows are then read by id under the policy.

CREATE FUNCTION plinth_base.extension_schema(p_extension name) RETURNS name
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$
    SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname = p_extension
  $$;
COMMENT ON FUNCTION plinth_base.extension_schema(name) IS 'Where an extension is in this database; NULL if it is not';

-- An extension exists once in a database: where the host has it, it stays where it is. Both are trusted, so that an owner
-- who may create schemas may create them.
DO $$
DECLARE
  extension name;
  place name;
  reader name;
BEGIN
  FOREACH extension IN ARRAY ARRAY['btree_gin', 'pg_trgm'] LOOP
    IF NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = extension) THEN
      RAISE EXCEPTION 'the server has no extension %: install the contrib package of its PostgreSQL', extension
        USING ERRCODE = 'undefined_object';
    END IF;
    IF plinth_base.extension_schema(extension) IS NULL THEN
      IF to_regnamespace('plinth_extensions') IS NULL THEN
        CREATE SCHEMA plinth_extensions;
        GRANT USAGE ON SCHEMA plinth_extensions TO PUBLIC;
      END IF;
      EXECUTE format('CREATE EXTENSION %I SCHEMA plinth_extensions', extension);
    END IF;
    place := plinth_base.extension_schema(extension);
    -- Who owns the schema can rename it and put functions of their own in its place, which would then run as the system.
    IF NOT (SELECT pg_has_role(n.nspowner, 'MEMBER') OR o.rolsuper
            FROM pg_namespace n JOIN pg_roles o ON o.oid = n.nspowner WHERE n.nspname = place)
    THEN
      RAISE EXCEPTION 'extension % is in schema %, which belongs to neither % nor a superuser; as a superuser: ALTER SCHEMA % OWNER TO %',
        extension, place, current_user, quote_ident(place), quote_ident(current_user) USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOREACH reader IN ARRAY ARRAY[current_user, plinth_base.role_name('system')::name] LOOP
      IF NOT has_schema_privilege(reader, place, 'USAGE') THEN
        RAISE EXCEPTION 'extension % is in a schema that % may not use; as its owner: GRANT USAGE ON SCHEMA % TO %',
          extension, reader, quote_ident(place), quote_ident(reader) USING ERRCODE = 'insufficient_privilege';
      END IF;
    END LOOP;
  END LOOP;
END
$$;

CREATE FUNCTION plinth_base.make_search(
  p_table regclass,
  p_name text,
  p_rank text,
  p_matches text)
  RETURNS void
  LANGUAGE plpgsql
  AS $make$
DECLARE
  app text := plinth_base.role_name('app');
  reader text := plinth_base.role_name('reader');
  home name := (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = p_table);
  relation text := (SELECT format('%I.%I', home, c.relname) FROM pg_catalog.pg_class c WHERE c.oid = p_table);
  signature text := format('%I.%I(text, real, uuid, integer)', home, p_name);
BEGIN
  -- A plan for each call: one that does not know tenant and words cannot tell a rare word from a common one.
  EXECUTE format(
    $function$
    CREATE FUNCTION %1$I.%2$I(p_query text, p_after_rank real, p_after_id uuid, p_limit integer)
      RETURNS TABLE (id uuid, rank real)
      LANGUAGE plpgsql STABLE SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp
      SET plan_cache_mode = force_custom_plan
      AS $body$
    #variable_conflict use_column
    BEGIN
      RETURN QUERY
        SELECT c.id, c.rank
        FROM (SELECT t.id, %3$s AS rank FROM %4$s t
              WHERE t.organization_id = plinth_base.current_organization_id() AND %5$s) c
        WHERE p_after_id IS NULL OR (c.rank, c.id) < (p_after_rank, p_after_id)
        ORDER BY c.rank DESC, c.id DESC
        LIMIT p_limit;
    END
    $body$
    $function$, home, p_name, p_rank, relation, p_matches);
  EXECUTE format('COMMENT ON FUNCTION %s IS %L', signature,
                 'Ids of ' || relation || ' that match, best first, after the given rank and id');
  EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I, %I', signature, app, reader);
  PERFORM plinth_base.give_to_system(signature::regprocedure);
END
$make$;
COMMENT ON FUNCTION plinth_base.make_search(regclass, text, text, text) IS
  'What make_text_search() and make_similarity_search() share: the function of plinth_system, for app and reader';

CREATE FUNCTION plinth_base.make_text_search(
  p_table regclass,
  p_vector name,
  p_condition text DEFAULT 'true',
  p_configuration regconfig DEFAULT 'pg_catalog.simple')
  RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  relation name := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = p_table);
  -- By its schema, because the function's search_path is fixed.
  words text := (SELECT format('websearch_to_tsquery(%L, p_query)', format('%I.%I', n.nspname, c.cfgname))
                 FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
                 WHERE c.oid = p_configuration);
BEGIN
  EXECUTE format('CREATE INDEX %I ON %s USING gin (organization_id, %I) WHERE %s',
                 relation || '_' || p_vector || '_ix', p_table, p_vector, p_condition);
  PERFORM plinth_base.make_search(p_table, 'search_' || relation,
    format('ts_rank(t.%I, %s)', p_vector, words),
    format('t.%I @@ %s AND (%s)', p_vector, words, p_condition));
END
$$;
COMMENT ON FUNCTION plinth_base.make_text_search(regclass, name, text, regconfig) IS
  'Makes search_<table>() over a tsvector column, which is of the same configuration; p_condition, over columns of the '
  'table, is that of a partial index';

CREATE FUNCTION plinth_base.make_similarity_search(p_table regclass, p_text name, p_condition text DEFAULT 'true')
  RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  relation name := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = p_table);
  place name := plinth_base.extension_schema('pg_trgm');
BEGIN
  EXECUTE format('CREATE INDEX %I ON %s USING gin (organization_id, %I %I.gin_trgm_ops) WHERE %s',
                 relation || '_' || p_text || '_similarity_ix', p_table, p_text, place, p_condition);
  PERFORM plinth_base.make_search(p_table, 'similar_' || relation,
    format('%I.similarity(t.%I, p_query)', place, p_text),
    format('t.%I OPERATOR(%I.%%) p_query AND (%s)', p_text, place, p_condition));
END
$$;
COMMENT ON FUNCTION plinth_base.make_similarity_search(regclass, name, text) IS
  'Makes similar_<table>() over a text column: what shares enough trigrams with the query, as '
  'pg_trgm.similarity_threshold says (0.3 unless set); p_condition as for make_text_search()';
