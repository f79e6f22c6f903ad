-- When tasks recur. A schedule is moved on in the transaction that enqueues its task: both or neither. What it enqueues is
-- found by its name, as an application does, so that a definition that is deleted and made again goes on.

CREATE TABLE plinth_tasks.task_schedules (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  name text NOT NULL,
  definition text NOT NULL,
  cron text NOT NULL,
  time_zone text NOT NULL,
  starts_at timestamptz,
  ends_at timestamptz,
  input jsonb NOT NULL DEFAULT '{}',
  instant_member text,
  missed_run_policy text NOT NULL DEFAULT 'one',
  counted_from timestamptz NOT NULL,
  next_run_at timestamptz,
  last_run_at timestamptz,
  last_task_id uuid,
  failed_at timestamptz,
  error_type text,
  error_message text,
  paused_at timestamptz,
  paused_by uuid,
  metadata jsonb NOT NULL DEFAULT '{}',
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT task_schedules_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT task_schedules_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT task_schedules_paused_by_fk FOREIGN KEY (organization_id, paused_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT task_schedules_name_ck CHECK (btrim(name) <> '' AND length(name) <= 100),
  CONSTRAINT task_schedules_definition_ck CHECK (definition ~ '^[a-z][a-z0-9._-]*$' AND length(definition) <= 100),
  CONSTRAINT task_schedules_cron_ck CHECK (btrim(cron) <> '' AND length(cron) <= 255),
  CONSTRAINT task_schedules_time_zone_ck CHECK (btrim(time_zone) <> '' AND length(time_zone) <= 100),
  CONSTRAINT task_schedules_end_after_start_ck CHECK (ends_at > starts_at),
  CONSTRAINT task_schedules_input_ck CHECK (jsonb_typeof(input) = 'object'),
  CONSTRAINT task_schedules_instant_member_ck CHECK (btrim(instant_member) <> '' AND length(instant_member) <= 100),
  CONSTRAINT task_schedules_missed_run_policy_ck CHECK (missed_run_policy IN ('skip', 'one', 'all')),
  CONSTRAINT task_schedules_rests_without_next_ck CHECK (
    next_run_at IS NULL OR (paused_at IS NULL AND deleted_at IS NULL)),
  CONSTRAINT task_schedules_last_run_is_whole_ck CHECK ((last_run_at IS NULL) = (last_task_id IS NULL)),
  CONSTRAINT task_schedules_failure_is_whole_ck CHECK (num_nulls(failed_at, error_type, error_message) IN (0, 3)),
  CONSTRAINT task_schedules_error_ck CHECK (length(error_type) <= 200 AND length(error_message) <= 2000),
  CONSTRAINT task_schedules_paused_by_ck CHECK (paused_by IS NULL OR paused_at IS NOT NULL),
  CONSTRAINT task_schedules_metadata_ck CHECK (jsonb_typeof(metadata) = 'object'),
  CONSTRAINT task_schedules_size_ck CHECK (length(input::text) <= 2000000 AND length(metadata::text) <= 100000),
  CONSTRAINT task_schedules_times_are_finite_ck CHECK (
    plinth_tasks.are_finite(starts_at, ends_at, counted_from, next_run_at, last_run_at, failed_at, paused_at, deleted_at,
      created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.task_schedules IS 'When tasks recur: workers enqueue one for each instant that comes';
COMMENT ON COLUMN plinth_tasks.task_schedules.definition IS
  'The name of the definition that is enqueued for; no foreign key, because it may be deleted and made again';
COMMENT ON COLUMN plinth_tasks.task_schedules.cron IS 'Five fields as in crontab, or six with the second in front';
COMMENT ON COLUMN plinth_tasks.task_schedules.time_zone IS 'In which the expression is read: a name of the IANA''s database';
COMMENT ON COLUMN plinth_tasks.task_schedules.starts_at IS 'No instant before it counts; NULL: from its making';
COMMENT ON COLUMN plinth_tasks.task_schedules.ends_at IS 'No instant from it on counts; NULL: for good';
COMMENT ON COLUMN plinth_tasks.task_schedules.input IS 'What its tasks are given, without the defaults of the definition';
COMMENT ON COLUMN plinth_tasks.task_schedules.instant_member IS
  'The member of the input that gets the instant a task is for; NULL: none does';
COMMENT ON COLUMN plinth_tasks.task_schedules.missed_run_policy IS
  'What becomes of instants of more than a minute ago. skip: nothing; one: one task for all of them; all: one for each';
COMMENT ON COLUMN plinth_tasks.task_schedules.counted_from IS
  'Up to when all instants are settled: the next one is the first after it';
COMMENT ON COLUMN plinth_tasks.task_schedules.next_run_at IS
  'The first instant after counted_from; NULL: it is paused, deleted, or none comes any more';
COMMENT ON COLUMN plinth_tasks.task_schedules.last_run_at IS 'The last instant for which there was a task';
COMMENT ON COLUMN plinth_tasks.task_schedules.last_task_id IS
  'That task; no foreign key, because tasks are removed by retention';
COMMENT ON COLUMN plinth_tasks.task_schedules.failed_at IS
  'When its last task was refused; NULL: it was not, or another was enqueued since';
COMMENT ON COLUMN plinth_tasks.task_schedules.error_type IS 'Why: the class of the exception';
COMMENT ON COLUMN plinth_tasks.task_schedules.paused_by IS 'The member who paused it; NULL: a service';
COMMENT ON COLUMN plinth_tasks.task_schedules.metadata IS 'The host''s own, an object';
COMMENT ON COLUMN plinth_tasks.task_schedules.version IS 'Counts what people change, not its runs';

SELECT plinth_base.protect('plinth_tasks.task_schedules',
  p_writable_if => 'plinth_base.current_user_administers()', p_app_may => 'INSERT, UPDATE');

CREATE UNIQUE INDEX task_schedules_name_uq ON plinth_tasks.task_schedules (organization_id, name)
  WHERE deleted_at IS NULL;
-- By time and not by organization: what is due is found across all.
CREATE INDEX task_schedules_due_discovery_ix ON plinth_tasks.task_schedules (next_run_at, organization_id, id)
  WHERE next_run_at IS NOT NULL;

-- Not for what a run writes: who edits a schedule of every minute would always come too late.
CREATE TRIGGER task_schedules_set_updated_at
  BEFORE UPDATE OF name, definition, cron, time_zone, starts_at, ends_at, input, instant_member, missed_run_policy,
    paused_at, metadata, deleted_at
  ON plinth_tasks.task_schedules
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
