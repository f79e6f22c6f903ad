-- What became of each attempt at a task, written with its end. Its own record and not the task's: it stays when the task
-- is replayed, and goes with its partition; so no foreign key leads from it to the task (ADR 0021).

CREATE TABLE plinth_tasks.task_attempts (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  task_id uuid NOT NULL,
  definition_id uuid NOT NULL,
  attempt integer NOT NULL,
  outcome text NOT NULL,
  worker text NOT NULL,
  ready_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  error_type text,
  error_message text,
  error_trace text,
  CONSTRAINT task_attempts_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT task_attempts_outcome_ck CHECK (
    outcome IN ('succeeded', 'failed', 'timed_out', 'cancelled', 'lost', 'snoozed', 'released')),
  CONSTRAINT task_attempts_error_ck CHECK (
    length(error_type) <= 200 AND length(error_message) <= 2000 AND length(error_trace) <= 10000)
) PARTITION BY RANGE (id);
COMMENT ON TABLE plinth_tasks.task_attempts IS 'Each attempt at a task: who, when, and what became of it; append-only';
COMMENT ON COLUMN plinth_tasks.task_attempts.attempt IS 'The first is 1; one that was snoozed or released has the number of the next';
COMMENT ON COLUMN plinth_tasks.task_attempts.outcome IS
  'succeeded; failed: the handler threw; timed_out; cancelled; lost: the worker was not heard of any more; snoozed and '
  'released: given back, and not counted';
COMMENT ON COLUMN plinth_tasks.task_attempts.ready_at IS 'Since when it could have begun';

SELECT plinth_base.protect('plinth_tasks.task_attempts',
  p_writable_if => 'plinth_base.current_user_role() = ''service''', p_app_may => 'INSERT', p_system_may => 'SELECT');

CREATE INDEX task_attempts_task_ix ON plinth_tasks.task_attempts (organization_id, task_id, id);

SELECT plinth_base.partition('plinth_tasks.task_attempts', 'day', 3, interval '90 days');
