-- How many tasks of a definition, and of a key within it, run at once, over all workers. Who claims for a definition
-- holds its row: so two of them count one after the other, and the second sees what the first has claimed. What ends
-- meanwhile only makes room. It runs as the system: under a policy, text that is greater than a key is no condition of an
-- index, and each key would be looked for among all.

CREATE FUNCTION plinth_tasks.pick_limited_tasks(p_organization uuid, p_queue text, p_most integer) RETURNS SETOF uuid
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  left_to_pick integer := p_most;
  definition plinth_tasks.task_definitions;
  candidate uuid;
  room integer;
  picked uuid[];
BEGIN
  IF p_organization IS DISTINCT FROM plinth_base.current_organization_id() OR NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'who may not write in an organization claims none of its tasks' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF p_most <= 0 OR EXISTS (
    SELECT FROM plinth_tasks.task_queues q
    WHERE q.organization_id = p_organization AND q.name = p_queue AND q.paused_at IS NOT NULL)
  THEN
    RETURN;
  END IF;
  FOR candidate IN
    WITH RECURSIVE waiting AS (
      (SELECT t.definition_id FROM plinth_tasks.tasks t
       WHERE t.organization_id = p_organization AND t.queue = p_queue
         AND t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
       ORDER BY t.definition_id LIMIT 1)
      UNION ALL
      SELECT n.definition_id FROM waiting w CROSS JOIN LATERAL (
        SELECT t.definition_id FROM plinth_tasks.tasks t
        WHERE t.organization_id = p_organization AND t.queue = p_queue AND t.definition_id > w.definition_id
          AND t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
        ORDER BY t.definition_id LIMIT 1) n)
    SELECT w.definition_id FROM waiting w
  LOOP
    EXIT WHEN left_to_pick <= 0;
    -- Whom another worker is claiming for is left to it.
    SELECT * INTO definition FROM plinth_tasks.task_definitions d
      WHERE d.organization_id = p_organization AND d.id = candidate FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    room := least(left_to_pick, definition.max_running - (
      SELECT count(*) FROM plinth_tasks.tasks t
      WHERE t.organization_id = p_organization AND t.definition_id = candidate
        AND t.status = 'running' AND t.is_limited));
    CONTINUE WHEN room <= 0;
    picked := ARRAY(
      WITH RECURSIVE keys AS (
        (SELECT coalesce(t.concurrency_key, '') AS key FROM plinth_tasks.tasks t
         WHERE t.organization_id = p_organization AND t.queue = p_queue AND t.definition_id = candidate
           AND t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
         ORDER BY coalesce(t.concurrency_key, '') LIMIT 1)
        UNION ALL
        SELECT n.key FROM keys k CROSS JOIN LATERAL (
          SELECT coalesce(t.concurrency_key, '') AS key FROM plinth_tasks.tasks t
          WHERE t.organization_id = p_organization AND t.queue = p_queue AND t.definition_id = candidate
            AND coalesce(t.concurrency_key, '') > k.key
            AND t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
          ORDER BY coalesce(t.concurrency_key, '') LIMIT 1) n)
      SELECT first.id
      FROM keys k
      CROSS JOIN LATERAL (
        SELECT t.id, t.turn_at FROM plinth_tasks.tasks t
        WHERE t.organization_id = p_organization AND t.queue = p_queue AND t.definition_id = candidate
          AND coalesce(t.concurrency_key, '') = k.key
          AND t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
        ORDER BY t.turn_at, t.id
        -- A task without a key is limited by its definition alone.
        LIMIT CASE WHEN k.key = '' OR definition.max_running_per_key IS NULL THEN room
          ELSE greatest(0, least(room, definition.max_running_per_key - (
            SELECT count(*) FROM plinth_tasks.tasks r
            WHERE r.organization_id = p_organization AND r.definition_id = candidate
              AND coalesce(r.concurrency_key, '') = k.key AND r.status = 'running' AND r.is_limited))) END) first
      ORDER BY first.turn_at, first.id LIMIT room);
    -- Who cancels one of them just now has it locked.
    picked := ARRAY(
      SELECT t.id FROM plinth_tasks.tasks t
      WHERE t.organization_id = p_organization AND t.id = ANY (picked) AND t.status = 'pending'
        AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL
      ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED);
    left_to_pick := left_to_pick - cardinality(picked);
    RETURN QUERY SELECT unnest(picked);
  END LOOP;
END
$$;
COMMENT ON FUNCTION plinth_tasks.pick_limited_tasks(uuid, text, integer) IS
  'For workers: tasks of definitions with limits that may begin now, locked, in their turn; one step in an index for each '
  'definition and key that waits';

DO $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_tasks.pick_limited_tasks(uuid, text, integer) TO %I',
                 plinth_base.role_name('app'));
  PERFORM plinth_base.give_to_system('plinth_tasks.pick_limited_tasks(uuid, text, integer)');
END
$$;
