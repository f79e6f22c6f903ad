-- What handlers say while they work. Append-only, and only who holds the lease of the task writes.

CREATE TABLE plinth_tasks.task_execution_logs (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  task_id uuid NOT NULL,
  attempt integer NOT NULL,
  line integer NOT NULL,
  level text NOT NULL,
  message text NOT NULL,
  logged_at timestamptz NOT NULL,
  CONSTRAINT task_execution_logs_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT task_execution_logs_level_ck CHECK (level IN ('debug', 'info', 'warn', 'error')),
  CONSTRAINT task_execution_logs_message_ck CHECK (length(message) <= 10000)
) PARTITION BY RANGE (id);
COMMENT ON TABLE plinth_tasks.task_execution_logs IS 'Lines that handlers logged; append-only';
COMMENT ON COLUMN plinth_tasks.task_execution_logs.line IS 'The first of an attempt is 1';
COMMENT ON COLUMN plinth_tasks.task_execution_logs.logged_at IS 'By the clock of the worker''s host';

SELECT plinth_base.protect('plinth_tasks.task_execution_logs',
  p_writable_if => 'plinth_base.current_user_role() = ''service''', p_app_may => 'INSERT', p_system_may => 'SELECT');

CREATE INDEX task_execution_logs_task_ix ON plinth_tasks.task_execution_logs (organization_id, task_id, id);

SELECT plinth_base.partition('plinth_tasks.task_execution_logs', 'day', 3, interval '30 days');
