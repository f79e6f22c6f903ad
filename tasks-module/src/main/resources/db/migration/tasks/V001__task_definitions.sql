-- What kinds of tasks an organization has: which function of the host does them, what they take, and how they are tried
-- again. A definition is a row and not code, so that each organization has its own limits, and so that a task outlives
-- the program that enqueued it.

-- The driver reads what is before 4713 BC as -infinity, too, and no Instant holds that: one such row breaks every list that
-- it is in.
CREATE FUNCTION plinth_tasks.are_finite(VARIADIC p_times timestamptz[]) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN timestamptz '4713-01-01 00:00:00+00 BC' <= ALL (p_times) AND timestamptz 'infinity' > ALL (p_times);
COMMENT ON FUNCTION plinth_tasks.are_finite(timestamptz[]) IS 'Whether a host can read them; false, or NULL where some are NULL';

CREATE TABLE plinth_tasks.task_definitions (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  name text NOT NULL,
  handler text NOT NULL,
  queue text NOT NULL DEFAULT 'default',
  priority plinth_base.priority NOT NULL DEFAULT 2,
  input_schema jsonb,
  default_input jsonb NOT NULL DEFAULT '{}',
  timeout_ms bigint NOT NULL DEFAULT 300000,
  max_attempts integer NOT NULL DEFAULT 5,
  backoff_base_ms bigint NOT NULL DEFAULT 1000,
  backoff_factor double precision NOT NULL DEFAULT 2,
  backoff_max_ms bigint NOT NULL DEFAULT 3600000,
  backoff_jitter double precision NOT NULL DEFAULT 0.2,
  max_running integer,
  max_running_per_key integer,
  resource_requirements jsonb NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT task_definitions_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT task_definitions_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT task_definitions_name_ck CHECK (name ~ '^[a-z][a-z0-9._-]*$' AND length(name) <= 100),
  CONSTRAINT task_definitions_handler_ck CHECK (handler ~ '^[A-Za-z][A-Za-z0-9._-]*$' AND length(handler) <= 100),
  CONSTRAINT task_definitions_queue_ck CHECK (queue ~ '^[a-z][a-z0-9._-]*$' AND length(queue) <= 50),
  CONSTRAINT task_definitions_input_schema_ck CHECK (jsonb_typeof(input_schema) = 'object'),
  CONSTRAINT task_definitions_default_input_ck CHECK (jsonb_typeof(default_input) = 'object'),
  CONSTRAINT task_definitions_timeout_ms_ck CHECK (timeout_ms BETWEEN 1 AND 604800000),
  CONSTRAINT task_definitions_max_attempts_ck CHECK (max_attempts BETWEEN 1 AND 1000),
  CONSTRAINT task_definitions_backoff_base_ms_ck CHECK (backoff_base_ms BETWEEN 0 AND backoff_max_ms),
  CONSTRAINT task_definitions_backoff_factor_ck CHECK (backoff_factor BETWEEN 1 AND 100),
  CONSTRAINT task_definitions_backoff_max_ms_ck CHECK (backoff_max_ms <= 604800000),
  CONSTRAINT task_definitions_backoff_jitter_ck CHECK (backoff_jitter BETWEEN 0 AND 1),
  CONSTRAINT task_definitions_max_running_ck CHECK (max_running > 0),
  CONSTRAINT task_definitions_max_running_per_key_ck CHECK (max_running_per_key > 0),
  CONSTRAINT task_definitions_resource_requirements_ck CHECK (jsonb_typeof(resource_requirements) = 'object'),
  CONSTRAINT task_definitions_metadata_ck CHECK (jsonb_typeof(metadata) = 'object'),
  -- What the services take, and what JSON takes more as text here than as it came.
  CONSTRAINT task_definitions_size_ck CHECK (
    length(input_schema::text) <= 200000 AND length(default_input::text) <= 2000000
    AND length(resource_requirements::text) <= 100000 AND length(metadata::text) <= 100000),
  CONSTRAINT task_definitions_times_are_finite_ck CHECK (plinth_tasks.are_finite(deleted_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.task_definitions IS 'The kinds of tasks that an organization has';
COMMENT ON COLUMN plinth_tasks.task_definitions.handler IS 'Which function of the host does them; workers register it by this name';
COMMENT ON COLUMN plinth_tasks.task_definitions.queue IS 'Where they wait unless a task says otherwise';
COMMENT ON COLUMN plinth_tasks.task_definitions.priority IS '1 low, 2 medium, 3 high, 4 critical; unless a task says otherwise';
COMMENT ON COLUMN plinth_tasks.task_definitions.input_schema IS 'JSON Schema, draft 2020-12, that inputs keep to; NULL: any object';
COMMENT ON COLUMN plinth_tasks.task_definitions.default_input IS 'What an input has where the task does not say it; top-level members only';
COMMENT ON COLUMN plinth_tasks.task_definitions.timeout_ms IS 'How long one attempt may take, in milliseconds';
COMMENT ON COLUMN plinth_tasks.task_definitions.max_attempts IS 'After how many failed attempts a task is dead';
COMMENT ON COLUMN plinth_tasks.task_definitions.backoff_base_ms IS 'How long the second attempt waits, in milliseconds';
COMMENT ON COLUMN plinth_tasks.task_definitions.backoff_factor IS 'How much longer each further attempt waits than the one before';
COMMENT ON COLUMN plinth_tasks.task_definitions.backoff_max_ms IS 'How long any attempt waits at most, before jitter, in milliseconds';
COMMENT ON COLUMN plinth_tasks.task_definitions.backoff_jitter IS 'By which part of the time, at random, it waits longer or shorter';
COMMENT ON COLUMN plinth_tasks.task_definitions.max_running IS 'How many run at once, over all workers; NULL: no limit';
COMMENT ON COLUMN plinth_tasks.task_definitions.max_running_per_key IS 'How many of one concurrency key run at once; NULL: no limit';
COMMENT ON COLUMN plinth_tasks.task_definitions.resource_requirements IS 'What an attempt needs, in the host''s words; not enforced';
COMMENT ON COLUMN plinth_tasks.task_definitions.metadata IS 'The host''s own, an object';
COMMENT ON COLUMN plinth_tasks.task_definitions.deleted_at IS
  'Since when nothing is enqueued for it any more; what was, is still done. NULL while it is there';

-- Whoever writes one decides which function of the host is called as the organization's service.
SELECT plinth_base.protect('plinth_tasks.task_definitions',
  p_writable_if => 'plinth_base.current_user_administers()',
  p_app_may => 'INSERT, UPDATE', p_system_may => 'SELECT, UPDATE');

CREATE UNIQUE INDEX task_definitions_name_uq ON plinth_tasks.task_definitions (organization_id, name)
  WHERE deleted_at IS NULL;

CREATE TRIGGER task_definitions_set_updated_at BEFORE UPDATE ON plinth_tasks.task_definitions
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
