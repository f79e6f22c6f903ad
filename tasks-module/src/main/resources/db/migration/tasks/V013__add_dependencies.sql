-- How edges come to be, and what is done to a run as a whole. Functions of the system, so that no path closes a cycle,
-- whoever adds what at the same time: the application itself cannot write an edge.

CREATE FUNCTION plinth_tasks.require_no_cycle(p_organization uuid, p_from uuid, p_predecessors uuid[]) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  behind uuid[];
  back uuid;
  met uuid[] := ARRAY[p_from];
  via uuid[] := ARRAY[NULL::uuid];
  wave uuid[] := met;
  came_from uuid[];
  path text;
BEGIN
  -- LATERAL with OFFSET 0: from edge to edge by the index, whatever the statistics say.
  WITH RECURSIVE reached AS (
    SELECT p_from AS id
    UNION
    SELECT n.id FROM reached r CROSS JOIN LATERAL (
      SELECT d.successor_id AS id FROM plinth_tasks.task_dependencies d
      WHERE d.organization_id = p_organization AND d.predecessor_id = r.id OFFSET 0) n)
    SELECT array_agg(r.id) INTO behind FROM reached r;
  -- Where the snapshot is older than the locks, the rows have to say that they were given more edges.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM FROM plinth_tasks.tasks t
      WHERE t.organization_id = p_organization AND t.id = ANY (behind) ORDER BY t.id FOR SHARE;
  END IF;
  back := (SELECT p FROM unnest(p_predecessors) AS p WHERE p = ANY (behind) ORDER BY p <> p_from LIMIT 1);
  IF back IS NULL THEN
    RETURN;
  END IF;

  WHILE back <> ALL (met) LOOP
    SELECT array_agg(n.id), array_agg(n.predecessor) INTO wave, came_from
    FROM (SELECT DISTINCT ON (d.successor_id) d.successor_id AS id, d.predecessor_id AS predecessor
          FROM plinth_tasks.task_dependencies d
          WHERE d.organization_id = p_organization AND d.predecessor_id = ANY (wave) AND d.successor_id <> ALL (met)) n;
    met := met || wave;
    via := via || came_from;
  END LOOP;
  path := p_from::text;
  WHILE back IS NOT NULL LOOP
    path := path || ' > ' || back;
    back := via[array_position(met, back)];
  END LOOP;
  RAISE EXCEPTION 'task would wait for itself: %', path USING ERRCODE = 'PL011';
END
$$;
COMMENT ON FUNCTION plinth_tasks.require_no_cycle(uuid, uuid, uuid[]) IS
  'PL011, with the shortest path, if one of p_predecessors is p_from or comes behind it';

CREATE FUNCTION plinth_tasks.add_dependencies(
  p_predecessors uuid[],
  p_successors uuid[],
  p_conditions text[],
  p_outputs text[] DEFAULT NULL,
  p_when text[] DEFAULT NULL)
  RETURNS TABLE (queue text, ready integer)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
  AS $$
#variable_conflict use_column
DECLARE
  organization uuid := plinth_base.current_organization_id();
  begun text;
  leading_on uuid[];
  ended uuid[];
  start uuid;
  alone boolean;
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers only read' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- A path back needs an edge that leads on from a successor. Where there is none yet, the locks of the tasks keep others
  -- from adding one; else all who add in this organization come one after the other.
  alone := EXISTS (
    SELECT FROM plinth_tasks.tasks t
    WHERE t.organization_id = organization AND t.id = ANY (p_successors) AND t.has_dependents);
  LOOP
    IF alone THEN
      PERFORM pg_advisory_xact_lock(hashtextextended('plinth_tasks.add_dependencies ' || organization, 0));
    END IF;
    BEGIN
      PERFORM FROM plinth_tasks.tasks t
        WHERE t.organization_id = organization AND t.id = ANY (p_predecessors || p_successors) ORDER BY t.id FOR NO KEY UPDATE;
      SELECT array_agg(t.id) FILTER (WHERE t.has_dependents), min(t.status) FILTER (WHERE t.status NOT IN ('pending', 'scheduled'))
        INTO leading_on, begun
        FROM plinth_tasks.tasks t WHERE t.organization_id = organization AND t.id = ANY (p_successors);
      EXIT WHEN alone OR leading_on IS NULL;
      -- Somebody was faster. Who has its turn may wait for these rows: they are let go before one waits for the turn.
      RAISE EXCEPTION USING ERRCODE = 'serialization_failure';
    EXCEPTION WHEN serialization_failure THEN
      IF alone OR leading_on IS NULL THEN
        RAISE;
      END IF;
      alone := true;
    END;
  END LOOP;
  IF begun IS NOT NULL THEN
    RAISE EXCEPTION 'task cannot go from % to waiting, as it has begun', begun USING ERRCODE = 'PL010';
  END IF;
  INSERT INTO plinth_tasks.task_dependencies (
      organization_id, predecessor_id, successor_id, condition, output_as, when_output)
    SELECT organization, e.predecessor, e.successor, e.condition, e.output_as, e.when_output::jsonb
    FROM unnest(p_predecessors, p_successors, p_conditions, p_outputs, p_when)
      AS e (predecessor, successor, condition, output_as, when_output);
  -- Also where it is true already: who holds an older snapshot is to fail at the row.
  UPDATE plinth_tasks.tasks t
    SET unmet_dependencies = t.unmet_dependencies + e.incoming, has_dependents = t.has_dependents OR e.leads_on
    FROM (SELECT x.id, count(*) FILTER (WHERE NOT x.is_predecessor)::integer AS incoming, bool_or(x.is_predecessor) AS leads_on
          FROM (SELECT unnest(p_predecessors) AS id, true AS is_predecessor UNION ALL SELECT unnest(p_successors), false) x
          GROUP BY x.id) e
    WHERE t.organization_id = organization AND t.id = e.id AND t.id = ANY (p_predecessors || p_successors);

  -- If every new edge leads to a greater id, they make no cycle among themselves.
  IF EXISTS (SELECT FROM unnest(p_predecessors, p_successors) AS e (predecessor, successor)
             WHERE e.predecessor >= e.successor)
  THEN
    leading_on := p_successors;
  END IF;
  FOR start IN SELECT DISTINCT s FROM unnest(leading_on) AS s LOOP
    PERFORM plinth_tasks.require_no_cycle(organization, start, ARRAY(
      SELECT e.predecessor FROM unnest(p_predecessors, p_successors) AS e (predecessor, successor) WHERE e.successor = start));
  END LOOP;

  ended := ARRAY(
    SELECT t.id FROM plinth_tasks.tasks t
    WHERE t.organization_id = organization AND t.id = ANY (p_predecessors) AND t.finished_at IS NOT NULL);
  IF cardinality(ended) > 0 THEN
    RETURN QUERY SELECT * FROM plinth_tasks.settle_successors(organization, ended);
  END IF;
END
$$;
COMMENT ON FUNCTION plinth_tasks.add_dependencies(uuid[], uuid[], text[], text[], text[]) IS
  'Lets tasks of the transaction''s organization that have not begun (else PL010) wait for others; PL011 with the path if one '
  'would wait for itself. What has ended counts at once. The queues in which that made tasks ready, for the caller to notify';

CREATE FUNCTION plinth_tasks.add_run_tasks(
  p_run uuid,
  p_definitions uuid[],
  p_nodes text[],
  p_inputs text[],
  p_from integer[],
  p_to integer[],
  p_conditions text[],
  p_outputs text[],
  p_when text[])
  RETURNS TABLE (queue text, ready integer)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
#variable_conflict use_column
DECLARE
  organization uuid := plinth_base.current_organization_id();
  moment timestamptz := plinth_base.transaction_time();
  -- In the order of the nodes, which is one in which they can be done.
  ids uuid[] := ARRAY(SELECT plinth_base.uuidv7() AS id FROM generate_series(1, cardinality(p_nodes)) ORDER BY id);
  run plinth_tasks.workflow_runs;
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers only read' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Whoever would end or stop it waits, and then sees what was added.
  SELECT * INTO run FROM plinth_tasks.workflow_runs r
    -- Not FOR SHARE: two that add, and then end what was last of the run, would wait for each other.
    WHERE r.organization_id = organization AND r.id = p_run FOR NO KEY UPDATE;
  IF run.id IS NULL THEN
    RAISE EXCEPTION 'there is no run %', p_run USING
      ERRCODE = 'foreign_key_violation', TABLE = 'tasks', CONSTRAINT = 'tasks_run_fk';
  END IF;
  IF run.status <> 'running' OR run.stopped_at IS NOT NULL THEN
    RAISE EXCEPTION 'workflow_run cannot go from % to more tasks',
      CASE WHEN run.status = 'running' THEN 'stopped' ELSE run.status END USING ERRCODE = 'PL010';
  END IF;
  -- The tasks are new, so that no edge leads out of them: edges that all lead from an earlier to a later one make no cycle.
  IF EXISTS (SELECT FROM unnest(p_from, p_to) AS e (earlier, later)
             WHERE NOT coalesce(e.earlier BETWEEN 1 AND e.later - 1 AND e.later <= cardinality(ids), false))
  THEN
    RAISE EXCEPTION 'edges lead from earlier to later tasks' USING ERRCODE = 'PL011';
  END IF;

  RETURN QUERY WITH incoming AS MATERIALIZED (SELECT e.later, count(*)::integer AS edges FROM unnest(p_to) AS e (later) GROUP BY e.later),
  outgoing AS MATERIALIZED (SELECT DISTINCT e.earlier FROM unnest(p_from) AS e (earlier)),
  kinds AS MATERIALIZED (
    SELECT d.id, d.queue, d.priority, d.max_attempts, d.default_input,
           d.max_running IS NOT NULL OR d.max_running_per_key IS NOT NULL AS is_limited
    FROM plinth_tasks.task_definitions d
    WHERE d.organization_id = organization AND d.id = ANY (p_definitions)),
  added AS (
    INSERT INTO plinth_tasks.tasks (
        organization_id, id, definition_id, queue, priority, scheduled_at, turn_at, input, attempts_allowed, is_limited,
        unmet_dependencies, has_dependents, run_id, node)
      SELECT organization, n.id, n.definition_id, k.queue, k.priority, moment, plinth_tasks.turn_at(moment, k.priority),
             k.default_input || n.input::jsonb, k.max_attempts, k.is_limited, coalesce(i.edges, 0), o.earlier IS NOT NULL,
             p_run, n.node
      FROM unnest(ids, p_definitions, p_nodes, p_inputs) WITH ORDINALITY AS n (id, definition_id, node, input, ordinal)
      JOIN kinds k ON k.id = n.definition_id
      LEFT JOIN incoming i ON i.later = n.ordinal
      LEFT JOIN outgoing o ON o.earlier = n.ordinal
      RETURNING queue, unmet_dependencies)
    SELECT a.queue::text, count(*)::integer FROM added a WHERE a.unmet_dependencies = 0 GROUP BY a.queue;
  INSERT INTO plinth_tasks.task_dependencies (
      organization_id, predecessor_id, successor_id, condition, output_as, when_output)
    SELECT organization, ids[e.earlier], ids[e.later], e.condition, e.output_as, e.when_output::jsonb
    FROM unnest(p_from, p_to, p_conditions, p_outputs, p_when) AS e (earlier, later, condition, output_as, when_output);
END
$$;
COMMENT ON FUNCTION plinth_tasks.add_run_tasks(
  uuid, uuid[], text[], text[], integer[], integer[], text[], text[], text[]) IS
  'Adds new tasks to a run of the transaction''s organization that is neither over nor stopped (else PL010), and edges between '
  'them, which name them by their position and lead from earlier to later ones. The queues in which tasks are ready';

CREATE FUNCTION plinth_tasks.cancel_run(p_run uuid)
  RETURNS TABLE (queue text, ready integer)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  organization uuid := plinth_base.current_organization_id();
  run plinth_tasks.workflow_runs;
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers only read' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO run FROM plinth_tasks.workflow_runs r
    WHERE r.organization_id = organization AND r.id = p_run FOR NO KEY UPDATE;
  IF run.status IS DISTINCT FROM 'running' THEN
    RAISE EXCEPTION 'workflow_run cannot go from % to cancelled', run.status USING ERRCODE = 'PL010';
  END IF;
  UPDATE plinth_tasks.workflow_runs r SET cancel_requested_at = plinth_base.transaction_time()
    WHERE r.organization_id = organization AND r.id = p_run AND r.cancel_requested_at IS NULL;
  RETURN QUERY SELECT s.* FROM plinth_tasks.settle_successors(organization, plinth_tasks.stop_run(organization, p_run)) s;
END
$$;
COMMENT ON FUNCTION plinth_tasks.cancel_run(uuid) IS
  'Cancels what waits of a run of the transaction''s organization and asks what runs to stop; PL010 if it is over. What '
  'follows on completion or failure still comes. The queues in which tasks became ready';

CREATE FUNCTION plinth_tasks.tasks_to_replay(p_organization uuid, p_run uuid, p_task uuid) RETURNS SETOF uuid
  LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
    WITH RECURSIVE again AS (
      SELECT t.id FROM plinth_tasks.workflow_runs r
      JOIN plinth_tasks.tasks t ON t.organization_id = p_organization AND t.run_id = r.id
      WHERE r.organization_id = p_organization AND r.id = p_run AND t.status IN ('dead', 'cancelled')
        AND t.error_type IS DISTINCT FROM 'Skipped'
        AND (p_task IS NULL OR t.id = p_task
             -- What ran when the run was stopped was asked to stop at that moment.
             OR t.status = 'cancelled' AND (t.error_type = 'RunStopped' OR t.cancel_requested_at = r.stopped_at))
      UNION
      SELECT n.id FROM again a CROSS JOIN LATERAL (
        SELECT t.id FROM plinth_tasks.task_dependencies d
        JOIN plinth_tasks.tasks t ON t.organization_id = p_organization AND t.id = d.successor_id
        WHERE d.organization_id = p_organization AND d.predecessor_id = a.id AND t.run_id = p_run
          AND t.status IN ('dead', 'cancelled')
          -- What no failure let through would be skipped again.
          AND (t.error_type IS DISTINCT FROM 'Skipped' OR d.condition = 'failure' OR coalesce((
            SELECT bool_or(NOT f.is_moot) FROM plinth_tasks.task_dependencies f
            WHERE f.organization_id = p_organization AND f.successor_id = t.id AND f.condition = 'failure'), true))
        OFFSET 0) n)
    SELECT a.id FROM again a
  $$;
COMMENT ON FUNCTION plinth_tasks.tasks_to_replay(uuid, uuid, uuid) IS
  'Of a run that is over the tasks that are done again: what is dead or was cancelled (or p_task, and what the stop of the run '
  'cancelled), and what follows that, unless it succeeded; not what would be skipped again';

CREATE FUNCTION plinth_tasks.replay_run(p_run uuid, p_task uuid DEFAULT NULL)
  RETURNS TABLE (queue text, ready integer)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
#variable_conflict use_column
DECLARE
  organization uuid := plinth_base.current_organization_id();
  moment timestamptz := plinth_base.transaction_time();
  run plinth_tasks.workflow_runs;
  chosen text;
  again uuid[];
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers only read' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO run FROM plinth_tasks.workflow_runs r
    WHERE r.organization_id = organization AND r.id = p_run AND r.deleted_at IS NULL FOR NO KEY UPDATE;
  IF run.id IS NULL THEN
    RAISE EXCEPTION 'there is no run %', p_run USING
      ERRCODE = 'foreign_key_violation', TABLE = 'tasks', CONSTRAINT = 'tasks_run_fk';
  END IF;
  PERFORM FROM plinth_tasks.tasks t
    WHERE t.organization_id = organization AND t.run_id = p_run ORDER BY t.id FOR NO KEY UPDATE;
  IF run.status NOT IN ('failed', 'cancelled') OR EXISTS (
    SELECT FROM plinth_tasks.tasks t
    WHERE t.organization_id = organization AND t.run_id = p_run AND t.node LIKE '%:compensation')
  THEN
    RAISE EXCEPTION 'workflow_run cannot go from % to running', run.status USING ERRCODE = 'PL010';
  END IF;
  chosen := (
    SELECT CASE WHEN t.error_type = 'Skipped' THEN 'skipped' ELSE t.status END FROM plinth_tasks.tasks t
    WHERE t.organization_id = organization AND t.run_id = p_run AND t.id = p_task);
  IF p_task IS NOT NULL AND coalesce(chosen, 'elsewhere') NOT IN ('dead', 'cancelled') THEN
    RAISE EXCEPTION 'task cannot go from % to pending', coalesce(chosen, 'elsewhere') USING ERRCODE = 'PL010';
  END IF;

  again := ARRAY(SELECT plinth_tasks.tasks_to_replay(organization, p_run, p_task));
  -- What ended otherwise counts as it did; what is done again has its edges to say anew, but for those to tasks elsewhere,
  -- which went on.
  UPDATE plinth_tasks.task_dependencies d SET satisfied_at = NULL, is_moot = false
    WHERE d.organization_id = organization AND d.predecessor_id = ANY (again) AND d.successor_id = ANY (again)
      AND d.satisfied_at IS NOT NULL;
  RETURN QUERY WITH reopened AS (
    UPDATE plinth_tasks.tasks t
      SET status = 'pending', finished_at = NULL, started_at = NULL, output = NULL, error_type = NULL, error_message = NULL,
          cancel_requested_at = NULL, progress = NULL, progress_message = NULL, deadline = NULL, unhandled_at = NULL,
          attempts_allowed = t.attempt + d.max_attempts, scheduled_at = moment,
          turn_at = plinth_tasks.turn_at(moment, t.priority),
          -- Who succeeded after this was cancelled has not told it anything.
          input = t.input || coalesce((
            SELECT jsonb_object_agg(e.output_as, coalesce(p.output, 'null'))
            FROM plinth_tasks.task_dependencies e
            JOIN plinth_tasks.tasks p ON p.organization_id = organization AND p.id = e.predecessor_id
            WHERE e.organization_id = organization AND e.successor_id = t.id AND e.output_as IS NOT NULL
              AND e.satisfied_at IS NOT NULL AND NOT e.is_moot), '{}'),
          unmet_dependencies = (
            SELECT count(*) FROM plinth_tasks.task_dependencies e
            WHERE e.organization_id = organization AND e.successor_id = t.id AND e.satisfied_at IS NULL)
      FROM plinth_tasks.task_definitions d
      WHERE t.organization_id = organization AND t.id = ANY (again)
        AND d.organization_id = organization AND d.id = t.definition_id
      RETURNING t.queue, t.unmet_dependencies)
    SELECT o.queue::text, count(*)::integer FROM reopened o WHERE o.unmet_dependencies = 0 GROUP BY o.queue;
  UPDATE plinth_tasks.workflow_runs r
    SET status = 'running', stopped_at = coalesce(r.stopped_at, moment), cancel_requested_at = NULL, finished_at = NULL,
        failed_at = CASE WHEN EXISTS (
          SELECT FROM plinth_tasks.tasks t
          WHERE t.organization_id = organization AND t.run_id = p_run
            AND (t.status = 'dead' AND NOT plinth_tasks.is_provided_for(organization, t.id, t.status)
                 OR t.status = 'cancelled' AND t.error_type IS DISTINCT FROM 'Skipped'))
          THEN coalesce(r.failed_at, moment) END
    WHERE r.organization_id = organization AND r.id = p_run;
  -- The run counts as stopped until what is not done again has said so: that is no reason to stop it anew.
  RETURN QUERY SELECT s.* FROM plinth_tasks.settle_successors(organization, ARRAY(
    SELECT t.id FROM plinth_tasks.tasks t
    WHERE t.organization_id = organization AND t.run_id = p_run AND t.finished_at IS NOT NULL)) s;
  UPDATE plinth_tasks.workflow_runs r SET stopped_at = NULL
    WHERE r.organization_id = organization AND r.id = p_run AND r.status = 'running';
  IF EXISTS (SELECT FROM plinth_tasks.tasks t
             WHERE t.organization_id = organization AND t.id = p_task AND t.finished_at IS NOT NULL)
  THEN
    RAISE EXCEPTION 'task cannot go from % to pending as it would wait in vain', chosen USING ERRCODE = 'PL010';
  END IF;
END
$$;
COMMENT ON FUNCTION plinth_tasks.replay_run(uuid, uuid) IS
  'Has a run that failed or was cancelled go on: what is dead or was cancelled is done again (or p_task, what follows it, and what '
  'the stop of the run cancelled, save what waits in vain for other failures), what succeeded is not. PL010 for any other run, '
  'for one that was undone, and for a task that is neither dead nor cancelled. The queues in which tasks became ready';

DO $$
DECLARE
  signature text;
BEGIN
  FOREACH signature IN ARRAY ARRAY[
    'plinth_tasks.add_dependencies(uuid[], uuid[], text[], text[], text[])',
    'plinth_tasks.add_run_tasks(uuid, uuid[], text[], text[], integer[], integer[], text[], text[], text[])',
    'plinth_tasks.cancel_run(uuid)', 'plinth_tasks.replay_run(uuid, uuid)']
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', signature, plinth_base.role_name('app'));
    PERFORM plinth_base.give_to_system(signature::regprocedure);
  END LOOP;
  PERFORM plinth_base.give_to_system('plinth_tasks.require_no_cycle(uuid, uuid, uuid[])');
  PERFORM plinth_base.give_to_system('plinth_tasks.tasks_to_replay(uuid, uuid, uuid)');
END
$$;
