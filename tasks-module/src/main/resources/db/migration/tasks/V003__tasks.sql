-- What a program is to do. A row is written three times in its life (enqueued, claimed, finished), as many times a second
-- as the database can, so it is kept lean: no trigger, no version (who may write it is decided by the fencing token), and
-- indexes only over what waits or runs, so that millions of finished tasks cost those that wait nothing (ADR 0021).

-- What a single column has to be is said by its domain and not by a CHECK of the table: of a CHECK, the server reads the
-- stored text anew for each statement and evaluates it whenever a row is written; of a domain, only when that column is.

CREATE DOMAIN plinth_tasks.task_status AS text
  CONSTRAINT task_status_ck CHECK (VALUE IN ('pending', 'scheduled', 'running', 'succeeded', 'failed', 'cancelled', 'dead'));
CREATE DOMAIN plinth_tasks.queue_name AS text
  CONSTRAINT queue_name_ck CHECK (VALUE ~ '^[a-z][a-z0-9._-]*$' AND length(VALUE) <= 50);
CREATE DOMAIN plinth_tasks.moment AS timestamptz
  CONSTRAINT moment_ck CHECK (VALUE >= timestamptz '4713-01-01 00:00:00+00 BC' AND VALUE < timestamptz 'infinity');
COMMENT ON DOMAIN plinth_tasks.moment IS 'A time that a host can read; see are_finite()';
-- One megabyte, and what JSON takes more as text here than as it came.
CREATE DOMAIN plinth_tasks.task_document AS jsonb
  CONSTRAINT task_document_ck CHECK (length(VALUE::text) <= 2000000);
CREATE DOMAIN plinth_tasks.task_label AS text
  CONSTRAINT task_label_ck CHECK (length(VALUE) <= 200 AND btrim(VALUE) <> '');
CREATE DOMAIN plinth_tasks.task_message AS text
  CONSTRAINT task_message_ck CHECK (length(VALUE) <= 2000);
CREATE DOMAIN plinth_tasks.task_count AS integer
  CONSTRAINT task_count_ck CHECK (VALUE >= 0);

CREATE TABLE plinth_tasks.tasks (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  definition_id uuid NOT NULL,
  queue plinth_tasks.queue_name NOT NULL,
  priority plinth_base.priority NOT NULL,
  status plinth_tasks.task_status NOT NULL DEFAULT 'pending',
  scheduled_at plinth_tasks.moment NOT NULL DEFAULT plinth_base.transaction_time(),
  turn_at plinth_tasks.moment NOT NULL,
  deadline plinth_tasks.moment,
  input plinth_tasks.task_document NOT NULL DEFAULT '{}',
  output plinth_tasks.task_document,
  attempt plinth_tasks.task_count NOT NULL DEFAULT 0,
  attempts_allowed integer NOT NULL DEFAULT 1,
  is_limited boolean NOT NULL DEFAULT false,
  concurrency_key plinth_tasks.task_label,
  unmet_dependencies plinth_tasks.task_count NOT NULL DEFAULT 0,
  has_dependents boolean NOT NULL DEFAULT false,
  unhandled_at plinth_tasks.moment,
  lease_token uuid,
  lease_worker plinth_tasks.task_label,
  lease_until plinth_tasks.moment,
  cancel_requested_at plinth_tasks.moment,
  progress plinth_base.percentage,
  progress_message plinth_tasks.task_message,
  started_at plinth_tasks.moment,
  finished_at plinth_tasks.moment,
  error_type plinth_tasks.task_label,
  error_message plinth_tasks.task_message,
  idempotency_key plinth_tasks.task_label,
  idempotency_until plinth_tasks.moment,
  subject_type plinth_tasks.task_label,
  subject_id uuid,
  project_id uuid,
  run_id uuid,
  node plinth_tasks.task_label,
  created_at plinth_tasks.moment NOT NULL DEFAULT plinth_base.transaction_time(),
  CONSTRAINT tasks_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT tasks_definition_fk FOREIGN KEY (organization_id, definition_id)
    REFERENCES plinth_tasks.task_definitions (organization_id, id),
  CONSTRAINT tasks_lease_is_whole_ck CHECK (
    CASE WHEN status = 'running' THEN num_nulls(lease_token, lease_worker, lease_until, started_at) = 0
      ELSE num_nonnulls(lease_token, lease_worker, lease_until) = 0 END),
  CONSTRAINT tasks_finished_at_ck CHECK ((status IN ('succeeded', 'cancelled', 'dead')) = (finished_at IS NOT NULL)),
  CONSTRAINT tasks_deadline_ck CHECK (deadline > scheduled_at),
  CONSTRAINT tasks_idempotency_is_whole_ck CHECK (idempotency_until IS NULL OR idempotency_key IS NOT NULL),
  CONSTRAINT tasks_subject_ck CHECK ((subject_type IS NULL) = (subject_id IS NULL))
) WITH (
  -- A queue turns over many times a minute: what is dead is to go before it is in the way.
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_insert_scale_factor = 0.1, autovacuum_vacuum_insert_threshold = 100000,
  autovacuum_analyze_scale_factor = 0.05, autovacuum_analyze_threshold = 10000,
  autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE plinth_tasks.tasks IS 'What a program is to do: enqueued in a transaction, claimed by a worker, finished once';
COMMENT ON COLUMN plinth_tasks.tasks.status IS
  'pending: waits for a worker, or for what it depends on; scheduled: not before scheduled_at; running; succeeded; '
  'failed: is tried again at scheduled_at; cancelled; dead: given up, and can be replayed';
COMMENT ON COLUMN plinth_tasks.tasks.scheduled_at IS 'When it may begin at the earliest';
COMMENT ON COLUMN plinth_tasks.tasks.turn_at IS
  'In which order tasks of a queue are claimed: when it may begin, less the head start of its priority. So what waits long '
  'enough comes before what is more urgent, and nothing starves';
COMMENT ON COLUMN plinth_tasks.tasks.deadline IS 'When it is no longer worth beginning; it is dead then';
COMMENT ON COLUMN plinth_tasks.tasks.attempt IS 'How many attempts began, without those that were given back';
COMMENT ON COLUMN plinth_tasks.tasks.attempts_allowed IS 'After how many attempts it is dead; a replay allows more';
COMMENT ON COLUMN plinth_tasks.tasks.is_limited IS 'That its definition has a limit of how many run at once';
COMMENT ON COLUMN plinth_tasks.tasks.concurrency_key IS 'What the limit of its definition per key counts by';
COMMENT ON COLUMN plinth_tasks.tasks.unmet_dependencies IS 'How many edges to it are not satisfied; it is claimed at 0';
COMMENT ON COLUMN plinth_tasks.tasks.has_dependents IS 'That edges may lead away from it, so that its end has to be told';
COMMENT ON COLUMN plinth_tasks.tasks.unhandled_at IS
  'Since when it waits for a worker that knows its handler; a worker that does takes it up';
COMMENT ON COLUMN plinth_tasks.tasks.lease_token IS 'The fencing token: without it nobody writes what the task came to';
COMMENT ON COLUMN plinth_tasks.tasks.lease_worker IS 'Process and machine, for people';
COMMENT ON COLUMN plinth_tasks.tasks.lease_until IS 'When another worker may take over, unless the lease is extended before';
COMMENT ON COLUMN plinth_tasks.tasks.cancel_requested_at IS 'When a running task was told to stop';
COMMENT ON COLUMN plinth_tasks.tasks.started_at IS 'When the last attempt began';
COMMENT ON COLUMN plinth_tasks.tasks.error_type IS 'Of the last failed attempt: the class of the exception, or what the engine calls it';
COMMENT ON COLUMN plinth_tasks.tasks.idempotency_key IS 'Of all tasks of the organization, one has it';
COMMENT ON COLUMN plinth_tasks.tasks.idempotency_until IS 'When another task may take the key over; NULL: never';
COMMENT ON COLUMN plinth_tasks.tasks.subject_type IS 'What it is about, such as repository; NULL where nothing';
COMMENT ON COLUMN plinth_tasks.tasks.subject_id IS 'Which one; no foreign key, because it may be of any module';
COMMENT ON COLUMN plinth_tasks.tasks.project_id IS 'Which project it is for; a foreign key where that module is installed';
COMMENT ON COLUMN plinth_tasks.tasks.run_id IS 'The workflow run that it is part of; NULL: none';
COMMENT ON COLUMN plinth_tasks.tasks.node IS 'What the workflow calls it';

SELECT plinth_base.protect('plinth_tasks.tasks',
  p_app_may => 'INSERT, UPDATE', p_system_may => 'SELECT, INSERT, UPDATE, DELETE');

-- What can be claimed, in its order; also read across organizations, from one organization and queue to the next.
CREATE INDEX tasks_ready_ix ON plinth_tasks.tasks (organization_id, queue, turn_at, id)
  WHERE status = 'pending' AND unmet_dependencies = 0 AND unhandled_at IS NULL AND NOT is_limited;
CREATE INDEX tasks_limited_ix
  ON plinth_tasks.tasks (organization_id, queue, definition_id, coalesce(concurrency_key, ''), turn_at, id)
  WHERE status = 'pending' AND unmet_dependencies = 0 AND unhandled_at IS NULL AND is_limited;
-- Leases change often and are few, so their end is in no index. What has no limit is entered as cheaply as can be.
CREATE INDEX tasks_running_ix ON plinth_tasks.tasks (organization_id) WITH (deduplicate_items = off) WHERE status = 'running';
CREATE INDEX tasks_running_limited_ix ON plinth_tasks.tasks (organization_id, definition_id, coalesce(concurrency_key, ''))
  WHERE status = 'running' AND is_limited;
-- By time and not by organization: what is due is found across all.
CREATE INDEX tasks_due_discovery_ix ON plinth_tasks.tasks (scheduled_at, organization_id, id)
  WHERE status IN ('scheduled', 'failed');
CREATE INDEX tasks_unhandled_discovery_ix ON plinth_tasks.tasks (organization_id, definition_id, id)
  WHERE status = 'pending' AND unhandled_at IS NOT NULL;
CREATE INDEX tasks_given_up_ix ON plinth_tasks.tasks (organization_id, id) WHERE status IN ('dead', 'cancelled');
CREATE UNIQUE INDEX tasks_idempotency_key_uq ON plinth_tasks.tasks (organization_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX tasks_subject_ix ON plinth_tasks.tasks (organization_id, subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX tasks_project_ix ON plinth_tasks.tasks (organization_id, project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX tasks_run_ix ON plinth_tasks.tasks (organization_id, run_id, id) WHERE run_id IS NOT NULL;

CREATE FUNCTION plinth_tasks.turn_at(p_scheduled_at timestamptz, p_priority smallint) RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN p_scheduled_at - (p_priority - 1) * interval '5 minutes';
COMMENT ON FUNCTION plinth_tasks.turn_at(timestamptz, smallint) IS
  'Each level of priority is a head start of five minutes; tasks.turn_at is set with it whenever scheduled_at is';

CREATE FUNCTION plinth_tasks.queues_with_work(p_queues text[])
  RETURNS TABLE (organization_id uuid, queue text)
  LANGUAGE sql STABLE
  AS $$
    WITH RECURSIVE ready AS (
      (SELECT t.organization_id, t.queue FROM plinth_tasks.tasks t
       WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND NOT t.is_limited
       ORDER BY t.organization_id, t.queue LIMIT 1)
      UNION ALL
      SELECT n.organization_id, n.queue FROM ready r CROSS JOIN LATERAL (
        SELECT t.organization_id, t.queue FROM plinth_tasks.tasks t
        WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND NOT t.is_limited
          AND (t.organization_id, t.queue) > (r.organization_id, r.queue)
        ORDER BY t.organization_id, t.queue LIMIT 1) n),
    limited AS (
      (SELECT t.organization_id, t.queue FROM plinth_tasks.tasks t
       WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
       ORDER BY t.organization_id, t.queue LIMIT 1)
      UNION ALL
      SELECT n.organization_id, n.queue FROM limited l CROSS JOIN LATERAL (
        SELECT t.organization_id, t.queue FROM plinth_tasks.tasks t
        WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL AND t.is_limited
          AND (t.organization_id, t.queue) > (l.organization_id, l.queue)
        ORDER BY t.organization_id, t.queue LIMIT 1) n),
    work AS (SELECT * FROM ready UNION SELECT * FROM limited)
    SELECT w.organization_id, w.queue FROM work w
    JOIN plinth_base.organizations o ON o.id = w.organization_id AND o.status = 'active'
    WHERE w.queue = ANY (p_queues)
      AND NOT EXISTS (SELECT FROM plinth_tasks.task_queues q
                      WHERE q.organization_id = w.organization_id AND q.name = w.queue AND q.paused_at IS NOT NULL)
  $$;
COMMENT ON FUNCTION plinth_tasks.queues_with_work(text[]) IS
  'For workers, as plinth_system: in which queues of which active organizations something can be claimed. One step in an '
  'index for each, however many tasks wait';
