-- What attempts consumed: measured by the worker where that is worth a row, and said by handlers (rows, tokens, cost).

CREATE TABLE plinth_tasks.task_resource_usage (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  task_id uuid NOT NULL,
  definition_id uuid NOT NULL,
  attempt integer NOT NULL,
  measured_at timestamptz NOT NULL,
  wall_ms bigint NOT NULL,
  cpu_ms bigint,
  cpu_usage_percent numeric(7, 2),
  memory_bytes bigint,
  row_count bigint NOT NULL DEFAULT 0,
  token_count bigint NOT NULL DEFAULT 0,
  cost numeric(18, 6) NOT NULL DEFAULT 0,
  CONSTRAINT task_resource_usage_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT task_resource_usage_amounts_ck CHECK (
    wall_ms >= 0 AND cpu_ms >= 0 AND cpu_usage_percent >= 0 AND memory_bytes >= 0
    AND row_count >= 0 AND token_count >= 0 AND cost >= 0)
) PARTITION BY RANGE (id);
COMMENT ON TABLE plinth_tasks.task_resource_usage IS 'What attempts consumed; append-only';
COMMENT ON COLUMN plinth_tasks.task_resource_usage.wall_ms IS 'How long the attempt took, in milliseconds';
COMMENT ON COLUMN plinth_tasks.task_resource_usage.cpu_ms IS 'What the handler''s thread took of a processor; NULL where the JVM does not say';
COMMENT ON COLUMN plinth_tasks.task_resource_usage.cpu_usage_percent IS 'cpu_ms in percent of wall_ms: of one processor';
COMMENT ON COLUMN plinth_tasks.task_resource_usage.memory_bytes IS 'What the handler''s thread allocated; NULL where the JVM does not say';
COMMENT ON COLUMN plinth_tasks.task_resource_usage.cost IS 'In the host''s currency';

SELECT plinth_base.protect('plinth_tasks.task_resource_usage',
  p_writable_if => 'plinth_base.current_user_role() = ''service''', p_app_may => 'INSERT', p_system_may => 'SELECT');

CREATE INDEX task_resource_usage_task_ix ON plinth_tasks.task_resource_usage (organization_id, task_id, id);

SELECT plinth_base.partition('plinth_tasks.task_resource_usage', 'day', 3, interval '90 days');
