-- What follows when tasks have ended: who waits for them waits for less, or in vain; and a run of which nothing is left is
-- over. All in the transaction that ended them, so that there is nothing to catch up on after a crash, and set by set, so
-- that a hundred tasks cost little more than one (ADR 0023).
--
-- Locks are taken in one order: tasks that ended, runs, then tasks that wait, each by id. Plans are made once, whatever the
-- statistics say: sequential scans are off, because the tables were empty when a session first came by.

CREATE FUNCTION plinth_tasks.lock_runs(p_organization uuid, p_runs uuid[]) RETURNS void
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
BEGIN
  PERFORM FROM plinth_tasks.workflow_runs r
    WHERE r.organization_id = p_organization AND r.id = ANY (p_runs) AND r.status IN ('running', 'compensating')
    ORDER BY r.id FOR NO KEY UPDATE;
  -- Where the snapshot is older than the lock, who comes second has to notice the first.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    UPDATE plinth_tasks.workflow_runs r SET stopped_at = r.stopped_at
      WHERE r.organization_id = p_organization AND r.id = ANY (p_runs) AND r.status IN ('running', 'compensating');
  END IF;
END
$$;
COMMENT ON FUNCTION plinth_tasks.lock_runs(uuid, uuid[]) IS 'So that those who may end or stop a run come one after the other';

CREATE FUNCTION plinth_tasks.stop_run(p_organization uuid, p_run uuid) RETURNS uuid[]
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  moment timestamptz := plinth_base.transaction_time();
  cancelled uuid[];
  told bigint;
BEGIN
  UPDATE plinth_tasks.workflow_runs r SET stopped_at = moment
    WHERE r.organization_id = p_organization AND r.id = p_run AND r.stopped_at IS NULL;
  PERFORM FROM plinth_tasks.tasks t
    WHERE t.organization_id = p_organization AND t.run_id = p_run AND t.status IN ('pending', 'scheduled', 'failed')
    ORDER BY t.id FOR NO KEY UPDATE;
  -- What follows on completion or failure was asked for just in case: it stays, unless a success is missing, too.
  WITH gone AS (
    UPDATE plinth_tasks.tasks t
      SET status = 'cancelled', finished_at = moment, error_type = 'RunStopped', error_message = 'the run was stopped'
      WHERE t.organization_id = p_organization AND t.run_id = p_run AND t.status IN ('pending', 'scheduled', 'failed')
        AND (NOT EXISTS (SELECT FROM plinth_tasks.task_dependencies d
                         WHERE d.organization_id = p_organization AND d.successor_id = t.id AND d.condition <> 'success')
             OR EXISTS (SELECT FROM plinth_tasks.task_dependencies d
                        WHERE d.organization_id = p_organization AND d.successor_id = t.id AND d.condition = 'success'
                          AND d.satisfied_at IS NULL))
      RETURNING t.id)
    SELECT array_agg(g.id) INTO cancelled FROM gone g;
  -- One that somebody has locked is about to end, and may be waiting for this transaction.
  WITH running AS (
    SELECT t.id FROM plinth_tasks.tasks t
    WHERE t.organization_id = p_organization AND t.run_id = p_run AND t.status = 'running' AND t.cancel_requested_at IS NULL
    FOR NO KEY UPDATE SKIP LOCKED),
  asked AS (
    UPDATE plinth_tasks.tasks t SET cancel_requested_at = moment FROM running r
      WHERE t.organization_id = p_organization AND t.id = r.id
      RETURNING t.id)
    SELECT count(pg_notify('plinth_tasks', p_organization || ':cancel:' || a.id)) INTO told FROM asked a;
  RETURN coalesce(cancelled, '{}');
END
$$;
COMMENT ON FUNCTION plinth_tasks.stop_run(uuid, uuid) IS
  'Of a locked run, cancels what waits and asks what runs to stop; which tasks it cancelled';

CREATE FUNCTION plinth_tasks.fail_runs(p_organization uuid, p_failed uuid[]) RETURNS uuid[]
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  run record;
  cancelled uuid[] := '{}';
BEGIN
  FOR run IN
    SELECT r.id, r.failure_policy, r.stopped_at FROM plinth_tasks.workflow_runs r
    WHERE r.organization_id = p_organization AND r.status = 'running' AND r.id = ANY (ARRAY(
      SELECT t.run_id FROM plinth_tasks.tasks t
      WHERE t.organization_id = p_organization AND t.id = ANY (p_failed) AND t.run_id IS NOT NULL
        AND (coalesce(t.error_type, '') NOT IN ('PredecessorFailed', 'RunStopped')
             -- Who waited in vain for a task of another run, or of none, is the first of this run to fail.
             OR t.error_type = 'PredecessorFailed' AND EXISTS (
               SELECT FROM plinth_tasks.task_dependencies d
               JOIN plinth_tasks.tasks p ON p.organization_id = d.organization_id AND p.id = d.predecessor_id
               WHERE d.organization_id = p_organization AND d.successor_id = t.id AND d.condition = 'success'
                 AND p.run_id IS DISTINCT FROM t.run_id AND p.status IN ('dead', 'cancelled')))
        AND NOT plinth_tasks.is_provided_for(p_organization, t.id, t.status)))
    ORDER BY r.id FOR NO KEY UPDATE
  LOOP
    UPDATE plinth_tasks.workflow_runs r SET failed_at = plinth_base.transaction_time()
      WHERE r.organization_id = p_organization AND r.id = run.id AND r.failed_at IS NULL;
    IF run.failure_policy <> 'continue' AND run.stopped_at IS NULL THEN
      cancelled := cancelled || plinth_tasks.stop_run(p_organization, run.id);
    END IF;
  END LOOP;
  RETURN cancelled;
END
$$;
COMMENT ON FUNCTION plinth_tasks.fail_runs(uuid, uuid[]) IS
  'What the policies of their runs say where tasks are dead or were cancelled; which tasks that cancelled';

CREATE FUNCTION plinth_tasks.is_provided_for(p_organization uuid, p_task uuid, p_status text) RETURNS boolean
  LANGUAGE sql STABLE
  RETURN p_status = 'dead' AND EXISTS (
    SELECT FROM plinth_tasks.task_dependencies d
    WHERE d.organization_id = p_organization AND d.predecessor_id = p_task AND d.condition = 'failure');
COMMENT ON FUNCTION plinth_tasks.is_provided_for(uuid, uuid, text) IS
  'Whether a task is dead and the graph says what then: it does not fail its run, and what needs its success is skipped';

CREATE FUNCTION plinth_tasks.cancel_successors(
  p_organization uuid, p_failed uuid[], p_skipped uuid[], p_doubtful uuid[]) RETURNS uuid[]
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  skipped uuid[] := p_skipped || ARRAY(
    SELECT d.successor_id FROM plinth_tasks.task_dependencies d
    WHERE d.organization_id = p_organization AND d.successor_id = ANY (p_doubtful)
    GROUP BY d.successor_id
    HAVING bool_and(d.is_moot) OR bool_and(d.is_moot) FILTER (WHERE d.condition = 'failure'));
  cancelled uuid[];
BEGIN
  PERFORM FROM plinth_tasks.tasks t
    WHERE t.organization_id = p_organization AND t.status IN ('pending', 'scheduled')
      AND t.id = ANY (skipped || ARRAY(
        SELECT d.successor_id FROM plinth_tasks.task_dependencies d
        WHERE d.organization_id = p_organization AND d.predecessor_id = ANY (p_failed) AND d.condition = 'success'))
    ORDER BY t.id FOR NO KEY UPDATE;
  WITH refused AS (
    SELECT d.successor_id AS id, bool_and(plinth_tasks.is_provided_for(p_organization, p.id, p.status)) AS is_skipped,
           min(coalesce(p.node, p.id::text)) AS predecessor
    FROM plinth_tasks.tasks p
    JOIN plinth_tasks.task_dependencies d ON d.organization_id = p.organization_id AND d.predecessor_id = p.id
    WHERE p.organization_id = p_organization AND p.id = ANY (p_failed) AND d.predecessor_id = ANY (p_failed)
      AND d.condition = 'success' AND d.satisfied_at IS NULL
    GROUP BY d.successor_id
    UNION ALL
    SELECT s.id, true, NULL FROM unnest(skipped) AS s (id)),
  reasons AS MATERIALIZED (
    SELECT r.id, bool_and(r.is_skipped) AS is_skipped, min(r.predecessor) AS predecessor FROM refused r GROUP BY r.id),
  gone AS (
    UPDATE plinth_tasks.tasks t
      SET status = 'cancelled', finished_at = plinth_base.transaction_time(),
          error_type = CASE WHEN r.is_skipped THEN 'Skipped' ELSE 'PredecessorFailed' END,
          error_message = CASE WHEN r.is_skipped THEN 'a condition of the graph does not hold'
                               ELSE r.predecessor || ' did not succeed' END
      FROM reasons r
      WHERE t.organization_id = p_organization AND t.id = r.id AND t.id = ANY (ARRAY(SELECT i.id FROM reasons i))
        AND t.status IN ('pending', 'scheduled')
      RETURNING t.id)
    SELECT array_agg(g.id) INTO cancelled FROM gone g;
  RETURN coalesce(cancelled, '{}') || plinth_tasks.fail_runs(p_organization, p_failed);
END
$$;
COMMENT ON FUNCTION plinth_tasks.cancel_successors(uuid, uuid[], uuid[], uuid[]) IS
  'Cancels what waits in vain: for the success of p_failed, those of p_doubtful that no edge lets through, and p_skipped; and '
  'what the policies of the runs say. Which tasks it cancelled';

CREATE FUNCTION plinth_tasks.compensate_run(p_organization uuid, p_run uuid) RETURNS text[]
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
  AS $$
DECLARE
  moment timestamptz := plinth_base.transaction_time();
  made uuid[];
  first_queue text;
BEGIN
  -- Who began later is undone sooner: no task begins before what it waits for has ended.
  WITH undone AS MATERIALIZED (
    SELECT row_number() OVER (ORDER BY t.finished_at DESC, t.started_at DESC, t.id DESC) AS turn,
           plinth_base.uuidv7() AS id, t.node, t.id AS task_id, t.input, t.output, t.project_id, d.id AS definition_id, d.queue,
           d.priority, d.default_input, d.max_attempts,
           d.max_running IS NOT NULL OR d.max_running_per_key IS NOT NULL AS is_limited
    FROM plinth_tasks.workflow_runs r
    CROSS JOIN LATERAL jsonb_each_text(r.compensations) AS c (node, definition_id)
    JOIN plinth_tasks.task_definitions d ON d.organization_id = p_organization AND d.id = c.definition_id::uuid
    JOIN plinth_tasks.tasks t
      ON t.organization_id = p_organization AND t.run_id = r.id AND t.node = c.node AND t.status = 'succeeded'
    WHERE r.organization_id = p_organization AND r.id = p_run),
  tasks AS (
    INSERT INTO plinth_tasks.tasks (
        organization_id, id, definition_id, queue, priority, scheduled_at, turn_at, input, attempts_allowed, is_limited,
        unmet_dependencies, has_dependents, project_id, run_id, node)
      SELECT p_organization, u.id, u.definition_id, u.queue, u.priority, moment, plinth_tasks.turn_at(moment, u.priority),
             u.default_input || jsonb_build_object('node', u.node, 'task', u.task_id, 'input', u.input, 'output', u.output),
             u.max_attempts, u.is_limited, (u.turn > 1)::integer, u.turn < count(*) OVER (), u.project_id, p_run,
             u.node || ':compensation'
      FROM undone u)
    SELECT array_agg(u.id ORDER BY u.turn), min(u.queue) FILTER (WHERE u.turn = 1) INTO made, first_queue FROM undone u;
  IF made IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO plinth_tasks.task_dependencies (organization_id, predecessor_id, successor_id, condition)
    SELECT p_organization, made[i], made[i + 1], 'completion' FROM generate_series(1, cardinality(made) - 1) AS i;
  RETURN ARRAY[first_queue];
END
$$;
COMMENT ON FUNCTION plinth_tasks.compensate_run(uuid, uuid) IS
  'Enqueues what undoes the tasks of a run that succeeded, the last first, one after the other, whether the one before '
  'succeeded or not. The queue of the first; NULL if there is nothing to undo';

CREATE FUNCTION plinth_tasks.end_runs(p_organization uuid, p_runs uuid[]) RETURNS text[]
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  run record;
  outcome text;
  compensation text[];
  woken text[] := '{}';
BEGIN
  PERFORM plinth_tasks.lock_runs(p_organization, p_runs);
  -- The newest first: what is left is found at once where it is, as a rule, among the last.
  FOR run IN
    SELECT r.id, r.status, r.failure_policy, r.failed_at, r.cancel_requested_at FROM plinth_tasks.workflow_runs r
    WHERE r.organization_id = p_organization AND r.id = ANY (p_runs) AND r.status IN ('running', 'compensating')
      AND (SELECT t.id FROM plinth_tasks.tasks t
           WHERE t.organization_id = p_organization AND t.run_id = r.id AND t.finished_at IS NULL
           ORDER BY t.id DESC LIMIT 1) IS NULL
    ORDER BY r.id
  LOOP
    outcome := CASE WHEN run.status = 'compensating' THEN 'compensated'
                    WHEN run.cancel_requested_at IS NOT NULL THEN 'cancelled'
                    WHEN run.failed_at IS NOT NULL THEN 'failed' ELSE 'succeeded' END;
    IF outcome = 'failed' AND run.failure_policy = 'compensate' THEN
      compensation := plinth_tasks.compensate_run(p_organization, run.id);
      IF compensation IS NOT NULL THEN
        outcome := 'compensating';
        woken := woken || compensation;
      END IF;
    ELSIF outcome = 'compensated' AND EXISTS (
      SELECT FROM plinth_tasks.tasks t
      WHERE t.organization_id = p_organization AND t.run_id = run.id AND t.node LIKE '%:compensation'
        AND t.status <> 'succeeded')
    THEN
      outcome := 'failed';
    END IF;
    UPDATE plinth_tasks.workflow_runs r
      SET status = outcome,
          finished_at = CASE WHEN outcome <> 'compensating' THEN plinth_base.transaction_time() END
      WHERE r.organization_id = p_organization AND r.id = run.id;
  END LOOP;
  RETURN woken;
END
$$;
COMMENT ON FUNCTION plinth_tasks.end_runs(uuid, uuid[]) IS
  'Ends those runs of which nothing is left, or begins to undo them; the queues in which that made tasks ready';

CREATE FUNCTION plinth_tasks.settle_successors(p_organization uuid, p_finished uuid[])
  RETURNS TABLE (queue text, ready integer)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan
  AS $$
#variable_conflict use_column
DECLARE
  moment timestamptz := plinth_base.transaction_time();
  frontier uuid[] := p_finished;
  runs uuid[];
  maybe_over uuid[] := '{}';
  woken text[] := '{}';
  step record;
BEGIN
  IF p_organization IS DISTINCT FROM plinth_base.current_organization_id() OR NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'who may not write in an organization settles none of its tasks' USING ERRCODE = 'insufficient_privilege';
  END IF;
  runs := ARRAY(
    SELECT DISTINCT t.run_id FROM plinth_tasks.tasks t
    WHERE t.organization_id = p_organization AND t.id = ANY (p_finished) AND t.run_id IS NOT NULL
      AND (NOT t.has_dependents OR t.status <> 'succeeded'));
  IF cardinality(runs) > 0 THEN
    PERFORM plinth_tasks.lock_runs(p_organization, runs);
  END IF;

  LOOP
    WITH ended AS MATERIALIZED (
      SELECT t.id, t.run_id, t.output,
             CASE WHEN t.status = 'cancelled' AND t.error_type = 'Skipped' THEN 'skipped' ELSE t.status END AS outcome
      FROM plinth_tasks.tasks t
      WHERE t.organization_id = p_organization AND t.id = ANY (frontier) AND t.status IN ('succeeded', 'dead', 'cancelled')),
    resolved AS (
      UPDATE plinth_tasks.task_dependencies d
        SET satisfied_at = CASE WHEN d.when_output IS NULL OR e.outcome <> 'succeeded'
                                     OR coalesce(e.output @> d.when_output, false) THEN moment END,
            is_moot = CASE d.condition WHEN 'success' THEN e.outcome = 'skipped' WHEN 'failure' THEN e.outcome <> 'dead'
                      ELSE false END
        FROM ended e
        WHERE d.organization_id = p_organization AND d.predecessor_id = e.id AND d.satisfied_at IS NULL
          AND (d.condition <> 'success' OR e.outcome IN ('succeeded', 'skipped'))
        RETURNING d.predecessor_id, d.successor_id, e.run_id, d.output_as, d.is_moot, d.satisfied_at,
                  CASE WHEN d.output_as IS NOT NULL THEN coalesce(e.output, 'null') END AS output),
    told AS MATERIALIZED (
      SELECT r.successor_id AS id, count(r.satisfied_at)::integer AS met, bool_or(r.is_moot) AS is_doubtful,
             count(*) > count(r.satisfied_at) AS is_skipped,
             jsonb_object_agg(r.output_as, r.output) FILTER (WHERE r.output_as IS NOT NULL AND NOT r.is_moot) AS outputs
      FROM resolved r GROUP BY r.successor_id),
    locked AS MATERIALIZED (
      SELECT s.* FROM told s JOIN plinth_tasks.tasks t ON t.organization_id = p_organization AND t.id = s.id
      WHERE t.status IN ('pending', 'scheduled')
      ORDER BY s.id FOR NO KEY UPDATE OF t),
    freed AS (
      UPDATE plinth_tasks.tasks t
        SET unmet_dependencies = t.unmet_dependencies - s.met,
            input = CASE WHEN s.outputs IS NULL THEN t.input ELSE (t.input || s.outputs)::plinth_tasks.task_document END,
            status = CASE WHEN t.unmet_dependencies > s.met THEN t.status
                          WHEN t.scheduled_at > moment THEN 'scheduled' ELSE 'pending' END,
            -- What is too late already is left as it is: whoever claims it finds out.
            scheduled_at = CASE WHEN t.unmet_dependencies > s.met OR t.deadline <= moment THEN t.scheduled_at
                                ELSE greatest(t.scheduled_at, moment) END,
            turn_at = CASE WHEN t.unmet_dependencies > s.met OR t.deadline <= moment THEN t.turn_at
                           ELSE plinth_tasks.turn_at(greatest(t.scheduled_at, moment), t.priority) END
        FROM locked s
        WHERE t.organization_id = p_organization AND t.id = s.id AND t.status IN ('pending', 'scheduled')
        RETURNING t.id, t.run_id, t.queue, t.status = 'pending' AND t.unmet_dependencies = 0 AS is_ready, s.is_doubtful, s.is_skipped)
    SELECT
      ARRAY(SELECT f.queue::text FROM freed f WHERE f.is_ready AND NOT f.is_doubtful AND NOT f.is_skipped) AS woken,
      ARRAY(SELECT f.id FROM freed f WHERE f.is_skipped) AS skipped,
      ARRAY(SELECT f.id FROM freed f WHERE f.is_doubtful AND NOT f.is_skipped) AS doubtful,
      ARRAY(SELECT e.id FROM ended e WHERE e.outcome IN ('dead', 'cancelled')) AS failed,
      ARRAY(SELECT DISTINCT e.run_id FROM ended e
            WHERE e.run_id IS NOT NULL AND e.id NOT IN (
              -- Who holds up others of its own run is not its last; whom it holds up elsewhere does not matter.
              SELECT r.predecessor_id FROM resolved r WHERE (r.successor_id, r.run_id) IN (
                SELECT f.id, f.run_id FROM freed f))) AS maybe_over
      INTO step;

    woken := woken || step.woken;
    maybe_over := maybe_over || step.maybe_over;
    EXIT WHEN cardinality(step.failed) + cardinality(step.skipped) + cardinality(step.doubtful) = 0;
    frontier := plinth_tasks.cancel_successors(p_organization, step.failed, step.skipped, step.doubtful);
    woken := woken || ARRAY(
      SELECT t.queue::text FROM plinth_tasks.tasks t
      WHERE t.organization_id = p_organization AND t.id = ANY (step.doubtful) AND t.status = 'pending'
        AND t.unmet_dependencies = 0);
    EXIT WHEN cardinality(frontier) = 0;
  END LOOP;

  IF cardinality(maybe_over) > 0 THEN
    woken := woken || plinth_tasks.end_runs(p_organization, maybe_over);
  END IF;
  RETURN QUERY SELECT w.queue, count(*)::integer FROM unnest(woken) AS w (queue) GROUP BY w.queue;
END
$$;
COMMENT ON FUNCTION plinth_tasks.settle_successors(uuid, uuid[]) IS
  'In the transaction that ended them, for tasks with has_dependents or run_id: makes ready what waited for them, cancels what '
  'waits in vain, ends or stops their runs. The queues in which tasks became ready, for the caller to notify; a second call '
  'for the same tasks does nothing';

DO $$
DECLARE
  signature text;
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_tasks.settle_successors(uuid, uuid[]) TO %I', plinth_base.role_name('app'));
  FOREACH signature IN ARRAY ARRAY[
    'plinth_tasks.lock_runs(uuid, uuid[])', 'plinth_tasks.stop_run(uuid, uuid)', 'plinth_tasks.fail_runs(uuid, uuid[])',
    'plinth_tasks.is_provided_for(uuid, uuid, text)', 'plinth_tasks.cancel_successors(uuid, uuid[], uuid[], uuid[])',
    'plinth_tasks.compensate_run(uuid, uuid)', 'plinth_tasks.end_runs(uuid, uuid[])',
    'plinth_tasks.settle_successors(uuid, uuid[])']
  LOOP
    PERFORM plinth_base.give_to_system(signature::regprocedure);
  END LOOP;
END
$$;
