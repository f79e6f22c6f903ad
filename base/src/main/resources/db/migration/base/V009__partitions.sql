-- Append-only tables of high volume are partitioned by the time in their ids: day or month, in UTC. What a module
-- registers here gets partitions ahead of time and loses them by retention; a DEFAULT partition takes what no other does,
-- so that nothing is lost where nobody made partitions for half a year. Nobody has rights on a partition: the policies
-- stand on the parent (ADR 0011).

CREATE FUNCTION plinth_base.first_id_at(p_time timestamptz) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (lpad(to_hex(floor(extract(epoch FROM p_time) * 1000)::int8), 12, '0') || repeat('0', 20))::uuid $$;
COMMENT ON FUNCTION plinth_base.first_id_at(timestamptz) IS 'No id made at this time or later is smaller; for bounds';

CREATE FUNCTION plinth_base.time_of_id(p_id uuid) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT to_timestamp(('x' || left(translate(p_id::text, '-', ''), 12))::bit(48)::int8 / 1000.0) $$;
COMMENT ON FUNCTION plinth_base.time_of_id(uuid) IS 'When an id says that it was made, to the millisecond';

CREATE TABLE plinth_base.partitioned_tables (
  name text NOT NULL,
  period text NOT NULL,
  ahead integer NOT NULL,
  keep interval,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT partitioned_tables_name_pk PRIMARY KEY (name),
  CONSTRAINT partitioned_tables_name_leaves_room_ck CHECK (length(split_part(name, '.', 2)) <= 53),
  CONSTRAINT partitioned_tables_period_ck CHECK (period IN ('day', 'month')),
  CONSTRAINT partitioned_tables_ahead_ck CHECK (ahead BETWEEN 1 AND 100),
  CONSTRAINT partitioned_tables_keep_ck CHECK (keep > interval '0')
);
COMMENT ON TABLE plinth_base.partitioned_tables IS 'Whose partitions are made and dropped; not of one tenant';
COMMENT ON COLUMN plinth_base.partitioned_tables.name IS 'As schema.table; a name and not an oid, so that it survives a restore';
COMMENT ON COLUMN plinth_base.partitioned_tables.period IS 'What a partition holds: a day or a month, in UTC';
COMMENT ON COLUMN plinth_base.partitioned_tables.ahead IS 'How many periods after the current one have a partition';
COMMENT ON COLUMN plinth_base.partitioned_tables.keep IS 'How old rows become before they go; NULL: never dropped';

SELECT plinth_base.protect('plinth_base.partitioned_tables', p_tenant => 'true', p_app_may => '');

-- The functions below are the owner's, whom FORCE binds too.
CREATE POLICY partitioned_tables_all_owner ON plinth_base.partitioned_tables TO CURRENT_USER USING (true);

CREATE TRIGGER partitioned_tables_set_updated_at BEFORE UPDATE ON plinth_base.partitioned_tables
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_base.qualified_name(p_table regclass, p_suffix text DEFAULT '') RETURNS text
  LANGUAGE sql STABLE
  AS $$
    SELECT format('%I.%I', n.nspname, c.relname || p_suffix)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = p_table
  $$;
COMMENT ON FUNCTION plinth_base.qualified_name(regclass, text) IS
  'schema.table, quoted where needed, whatever the search_path; with something behind the name';

CREATE FUNCTION plinth_base.partitions_of(p_table regclass)
  RETURNS TABLE (partition_name regclass, first_id uuid, end_id uuid)
  LANGUAGE sql STABLE
  AS $$
    SELECT i.inhrelid::regclass, b.bounds[1]::uuid, b.bounds[2]::uuid
    FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL (SELECT regexp_match(pg_catalog.pg_get_expr(c.relpartbound, c.oid),
                                            $r$FROM \('([0-9a-f-]+)'\) TO \('([0-9a-f-]+)'\)$r$)) AS b (bounds)
    WHERE i.inhparent = p_table AND b.bounds IS NOT NULL
  $$;
COMMENT ON FUNCTION plinth_base.partitions_of(regclass) IS 'The partitions of a table and their bounds, without the default one';

CREATE FUNCTION plinth_base.default_partition(p_table regclass) RETURNS regclass
  LANGUAGE sql STABLE
  AS $$ SELECT p.partdefid::regclass FROM pg_catalog.pg_partitioned_table p WHERE p.partrelid = p_table AND p.partdefid <> 0 $$;
COMMENT ON FUNCTION plinth_base.default_partition(regclass) IS 'The partition for rows that no other takes';

CREATE FUNCTION plinth_base.missing_periods(p_table regclass, p_period text, p_ahead integer) RETURNS SETOF timestamp
  LANGUAGE plpgsql
  AS $$
DECLARE
  step interval := ('1 ' || p_period)::interval;
  today timestamp := date_trunc(p_period, plinth_base.transaction_time() AT TIME ZONE 'UTC');
  horizon timestamp := today + p_ahead * step;
BEGIN
  -- Ids from beyond the horizon, of a clock that is ahead, stay in the default partition until their time comes.
  RETURN QUERY EXECUTE format($q$
    SELECT wanted.period FROM (
      SELECT generate_series($1, $2, $3) AS period
      UNION
      SELECT date_trunc($4, plinth_base.time_of_id(d.id) AT TIME ZONE 'UTC') FROM %s AS d WHERE d.id < $5) AS wanted
    WHERE NOT EXISTS (
      SELECT FROM plinth_base.partitions_of($6) AS p
      WHERE p.first_id <= plinth_base.first_id_at(wanted.period AT TIME ZONE 'UTC')
        AND p.end_id > plinth_base.first_id_at(wanted.period AT TIME ZONE 'UTC'))
    ORDER BY wanted.period
    $q$, plinth_base.default_partition(p_table))
    USING today, horizon, step, p_period, plinth_base.first_id_at((horizon + step) AT TIME ZONE 'UTC'), p_table;
END
$$;
COMMENT ON FUNCTION plinth_base.missing_periods(regclass, text, integer) IS
  'The periods that have no partition and need one: from now on, and of rows in the default partition';

-- A foreign key to the table looks for the row in the partition that it was deleted from, even when it is deferred. So
-- those that refer to the table go while rows are moved, and come back when these are where they belong.
CREATE FUNCTION plinth_base.drop_references(p_table regclass) RETURNS text[]
  LANGUAGE plpgsql
  AS $$
DECLARE
  inbound record;
  restoring text[] := '{}';
BEGIN
  FOR inbound IN
    SELECT c.conrelid::regclass AS referrer, c.conname, pg_catalog.pg_get_constraintdef(c.oid) AS definition
    FROM pg_catalog.pg_constraint c
    WHERE c.confrelid = p_table AND c.contype = 'f' AND c.conparentid = 0 ORDER BY c.oid
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', inbound.referrer, inbound.conname);
    restoring := restoring
      || format('ALTER TABLE %s ADD CONSTRAINT %I %s', inbound.referrer, inbound.conname, inbound.definition);
  END LOOP;
  RETURN restoring;
END
$$;
COMMENT ON FUNCTION plinth_base.drop_references(regclass) IS
  'Drops the foreign keys to a table; returns the statements for restore_references()';

CREATE FUNCTION plinth_base.restore_references(p_table regclass, p_restoring text[]) RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  command text;
BEGIN
  IF p_restoring = '{}' THEN
    RETURN;
  END IF;
  -- Where partitions refer to the table, the owner has to see its rows to validate them.
  EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', p_table);
  FOREACH command IN ARRAY p_restoring LOOP
    EXECUTE command;
  END LOOP;
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', p_table);
END
$$;
COMMENT ON FUNCTION plinth_base.restore_references(regclass, text[]) IS 'Makes foreign keys again that drop_references() dropped';

CREATE FUNCTION plinth_base.move_rows(p_from regclass, p_to regclass, p_first uuid, p_end uuid) RETURNS bigint
  LANGUAGE plpgsql
  AS $$
DECLARE
  moved bigint;
  columns text := (
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = p_to AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '');
BEGIN
  EXECUTE format(
    'WITH moved AS (DELETE FROM %1$s WHERE id >= $1 AND id < $2 RETURNING *) INSERT INTO %2$s (%3$s) SELECT %3$s FROM moved',
    p_from, p_to, columns) USING p_first, p_end;
  GET DIAGNOSTICS moved = ROW_COUNT;
  RETURN moved;
END
$$;
COMMENT ON FUNCTION plinth_base.move_rows(regclass, regclass, uuid, uuid) IS 'Moves the rows whose ids are in a range to another table';

CREATE FUNCTION plinth_base.stage_rows(p_table regclass, p_bounds uuid[]) RETURNS regclass
  LANGUAGE plpgsql
  AS $$
DECLARE
  stage text := plinth_base.qualified_name(p_table, '_moving');
BEGIN
  EXECUTE format('CREATE TABLE %s (LIKE %s)', stage, p_table);
  EXECUTE format('CREATE INDEX ON %s (id)', stage);
  FOR i IN 1 .. array_length(p_bounds, 1) LOOP
    PERFORM plinth_base.move_rows(plinth_base.default_partition(p_table), stage::regclass, p_bounds[i][1], p_bounds[i][2]);
  END LOOP;
  RETURN stage::regclass;
END
$$;
COMMENT ON FUNCTION plinth_base.stage_rows(regclass, uuid[]) IS
  'Puts rows of the default partition aside, so that partitions for them can be attached; bounds are pairs of ids';

-- Made beside the table and then attached: CREATE … PARTITION OF would lock out every reader and writer of the table. Rows
-- come in afterwards: their foreign keys are checked one by one, and not by an owner whom FORCE makes blind.
CREATE FUNCTION plinth_base.make_partitions(p_table regclass, p_period text, p_ahead integer)
  RETURNS TABLE (name text, moved bigint)
  LANGUAGE plpgsql
  AS $$
DECLARE
  pattern text := CASE p_period WHEN 'day' THEN '"_p"YYYYMMDD' ELSE '"_p"YYYYMM' END;
  periods timestamp[] := ARRAY(SELECT plinth_base.missing_periods(p_table, p_period, p_ahead));
  bounds uuid[] := ARRAY(
    SELECT ARRAY[plinth_base.first_id_at(p AT TIME ZONE 'UTC'),
                 plinth_base.first_id_at((p + ('1 ' || p_period)::interval) AT TIME ZONE 'UTC')]
    FROM unnest(periods) AS p);
  rest regclass := plinth_base.default_partition(p_table);
  restoring text[] := '{}';
  stage regclass;
  filled boolean;
BEGIN
  IF periods = '{}' THEN
    RETURN;
  END IF;
  EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', rest);
  EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE id < $1)', rest) INTO filled USING bounds[cardinality(periods)][2];
  IF filled THEN
    restoring := plinth_base.drop_references(p_table);
    stage := plinth_base.stage_rows(p_table, bounds);
  END IF;
  FOR i IN 1 .. cardinality(periods) LOOP
    name := plinth_base.qualified_name(p_table, to_char(periods[i], pattern));
    EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', name, p_table);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', p_table, name, bounds[i][1], bounds[i][2]);
    moved := CASE WHEN filled THEN plinth_base.move_rows(stage, name::regclass, bounds[i][1], bounds[i][2]) ELSE 0 END;
    RETURN NEXT;
  END LOOP;
  IF filled THEN
    EXECUTE format('DROP TABLE %s', stage);
    PERFORM plinth_base.restore_references(p_table, restoring);
  END IF;
END
$$;
COMMENT ON FUNCTION plinth_base.make_partitions(regclass, text, integer) IS
  'Makes the partitions that a table lacks; what the default partition holds of their periods moves there';

CREATE FUNCTION plinth_base.partition(
  p_table regclass,
  p_period text,
  p_ahead integer DEFAULT 3,
  p_keep interval DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  INSERT INTO plinth_base.partitioned_tables (name, period, ahead, keep)
    VALUES (plinth_base.qualified_name(p_table), p_period, p_ahead, p_keep);
  EXECUTE format('CREATE TABLE %s PARTITION OF %s DEFAULT', plinth_base.qualified_name(p_table, '_default'), p_table);
  PERFORM plinth_base.make_partitions(p_table, p_period, p_ahead);
END
$$;
COMMENT ON FUNCTION plinth_base.partition(regclass, text, integer, interval) IS
  'In the migration that makes a table PARTITION BY RANGE (id): makes its partitions, and has them made and dropped from '
  'then on. p_period is day or month, p_ahead how many periods in advance, p_keep how old rows become (NULL: for ever)';

CREATE FUNCTION plinth_base.unpartition(p_table text) RETURNS void
  LANGUAGE sql
  AS $$ DELETE FROM plinth_base.partitioned_tables WHERE name = p_table $$;
COMMENT ON FUNCTION plinth_base.unpartition(text) IS 'Beside DROP TABLE in the script that takes the migration back';

CREATE FUNCTION plinth_base.keep_partitions(p_table text, p_keep interval) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  UPDATE plinth_base.partitioned_tables SET keep = p_keep WHERE name = p_table;
  RETURN FOUND;
END
$$;
COMMENT ON FUNCTION plinth_base.keep_partitions(text, interval) IS
  'Changes how old the rows of a table become, NULL: for ever; false if no such table is partitioned';

CREATE FUNCTION plinth_base.ensure_partitions()
  RETURNS TABLE (table_name text, partition_name text, outcome text, row_count bigint, reason text)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
  AS $$
DECLARE
  kept record;
BEGIN
  -- Who finds a table locked leaves it to the one who has it.
  FOR kept IN
    SELECT t.name, t.period, t.ahead, to_regclass(t.name) AS relation FROM plinth_base.partitioned_tables t
    WHERE to_regclass(t.name) IS NOT NULL ORDER BY t.name FOR UPDATE SKIP LOCKED
  LOOP
    BEGIN
      RETURN QUERY SELECT kept.name, made.name, 'made', made.moved, NULL::text
        FROM plinth_base.make_partitions(kept.relation, kept.period, kept.ahead) AS made;
    EXCEPTION WHEN OTHERS THEN
      RETURN QUERY SELECT kept.name, NULL::text, 'failed', 0::bigint, SQLERRM;
    END;
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.ensure_partitions() IS
  'Makes the partitions that are missing, of all tables; moves rows of the default partition to where they belong. '
  'outcome: made, with the number of rows moved; failed, with the reason, and left for the next time';

CREATE FUNCTION plinth_base.empty_references(p_table regclass, p_first uuid, p_end uuid) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  total bigint := 0;
  emptied bigint;
  command text;
BEGIN
  FOR command IN
    SELECT CASE WHEN r.nullable IS NULL
             THEN format('DELETE FROM %s WHERE %I >= $1 AND %2$I < $2', r.referrer, r.id_column)
             ELSE format('UPDATE %s SET %s WHERE %I >= $1 AND %3$I < $2', r.referrer, r.nullable, r.id_column) END
    FROM (
      SELECT c.conrelid::regclass AS referrer,
             string_agg(quote_ident(a.attname) || ' = NULL', ', ') FILTER (WHERE NOT a.attnotnull) AS nullable,
             max(a.attname) FILTER (WHERE referred.attname = 'id') AS id_column
      FROM pg_catalog.pg_constraint c
      CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k (own, theirs)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
      JOIN pg_catalog.pg_attribute referred ON referred.attrelid = c.confrelid AND referred.attnum = k.theirs
      WHERE c.confrelid = p_table AND c.contype = 'f' AND c.conparentid = 0
      GROUP BY c.oid, c.conrelid) AS r
  LOOP
    EXECUTE command USING p_first, p_end;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    total := total + emptied;
  END LOOP;
  RETURN total;
END
$$;
COMMENT ON FUNCTION plinth_base.empty_references(regclass, uuid, uuid) IS
  'Before rows go, what refers to them: set to NULL where it may be, else deleted; as plinth_system, which needs the right to';

CREATE FUNCTION plinth_base.drop_partition(p_table regclass, p_partition regclass, p_first uuid, p_end uuid) RETURNS bigint
  LANGUAGE plpgsql
  AS $$
DECLARE
  emptied bigint;
BEGIN
  -- From here on nobody refers to its rows; reading goes on.
  EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', p_partition);
  emptied := plinth_base.empty_references(p_table, p_first, p_end);
  EXECUTE format('ALTER TABLE %s DETACH PARTITION %s', p_table, p_partition);
  EXECUTE format('DROP TABLE %s', p_partition);
  RETURN emptied;
END
$$;
COMMENT ON FUNCTION plinth_base.drop_partition(regclass, regclass, uuid, uuid) IS
  'Drops a partition after what refers to its rows was emptied; returns how many references that were';

CREATE FUNCTION plinth_base.drop_expired_partitions()
  RETURNS TABLE (table_name text, partition_name text, outcome text, row_count bigint, reason text)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
  AS $$
DECLARE
  kept record;
  expired record;
BEGIN
  -- Newest tables first: they refer to older ones.
  FOR kept IN
    SELECT t.name, to_regclass(t.name) AS relation,
           plinth_base.first_id_at(plinth_base.transaction_time() - t.keep) AS oldest
    FROM plinth_base.partitioned_tables t
    WHERE t.keep IS NOT NULL AND to_regclass(t.name) IS NOT NULL
    ORDER BY to_regclass(t.name)::oid DESC FOR UPDATE SKIP LOCKED
  LOOP
    FOR expired IN
      SELECT p.* FROM plinth_base.partitions_of(kept.relation) p WHERE p.end_id <= kept.oldest ORDER BY p.end_id
    LOOP
      table_name := kept.name;
      partition_name := plinth_base.qualified_name(expired.partition_name);
      BEGIN
        row_count := plinth_base.drop_partition(kept.relation, expired.partition_name, expired.first_id, expired.end_id);
        SELECT 'dropped', NULL INTO outcome, reason;
      EXCEPTION WHEN OTHERS THEN
        SELECT 'failed', 0, SQLERRM INTO outcome, row_count, reason;
      END;
      RETURN NEXT;
      -- A table is locked against readers from here to the commit: one partition at a time.
      EXIT WHEN outcome = 'dropped';
    END LOOP;
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.drop_expired_partitions() IS
  'Drops one partition of each table of which every row is older than is kept; call ensure_partitions() first, and this '
  'again, in a transaction of its own, until nothing was dropped. '
  'outcome: dropped, with the number of references that were emptied; failed, with the reason, and left for the next time';

CREATE FUNCTION plinth_base.partition_states()
  RETURNS TABLE (table_name text, made_until timestamptz, period text, strays boolean)
  LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  FOR table_name, period, made_until IN
    SELECT t.name, t.period, (SELECT max(plinth_base.time_of_id(p.end_id)) FROM plinth_base.partitions_of(to_regclass(t.name)) p)
    FROM plinth_base.partitioned_tables t WHERE to_regclass(t.name) IS NOT NULL ORDER BY t.name
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', plinth_base.default_partition(to_regclass(table_name))) INTO strays;
    RETURN NEXT;
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_base.partition_states() IS
  'Until when the partitioned tables have partitions, and whether there are rows outside of them';

REVOKE EXECUTE ON FUNCTION plinth_base.ensure_partitions(), plinth_base.drop_expired_partitions(), plinth_base.partition_states(),
  plinth_base.keep_partitions(text, interval) FROM PUBLIC;
SELECT plinth_base.give_to_system('plinth_base.empty_references(regclass, uuid, uuid)');

-- Who owns the other functions calls empty_references(), which only its new owner can grant.
DO $$
DECLARE
  system text := plinth_base.role_name('system');
  migrator text := current_user;
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_base.ensure_partitions(), plinth_base.drop_expired_partitions(), '
                 'plinth_base.keep_partitions(text, interval), plinth_base.partition_states() TO %I', system);
  EXECUTE format('SET LOCAL ROLE %I', system);
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_base.empty_references(regclass, uuid, uuid) TO %I', migrator);
  EXECUTE format('SET LOCAL ROLE %I', migrator);
END
$$;
