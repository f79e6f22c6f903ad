-- A queue needs no row: it is a name that tasks wait under. Only what somebody said about one is stored.

CREATE TABLE plinth_tasks.task_queues (
  organization_id uuid NOT NULL,
  name text NOT NULL,
  paused_at timestamptz,
  paused_by uuid,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT task_queues_name_pk PRIMARY KEY (organization_id, name),
  CONSTRAINT task_queues_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT task_queues_paused_by_fk FOREIGN KEY (organization_id, paused_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT task_queues_name_ck CHECK (name ~ '^[a-z][a-z0-9._-]*$' AND length(name) <= 50),
  CONSTRAINT task_queues_times_are_finite_ck CHECK (plinth_tasks.are_finite(paused_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.task_queues IS 'What is said about queues; one without a row is like any other';
COMMENT ON COLUMN plinth_tasks.task_queues.paused_at IS 'Since when nothing is claimed from it; NULL: it is open';
COMMENT ON COLUMN plinth_tasks.task_queues.paused_by IS 'The member who paused it; NULL: a service';

SELECT plinth_base.protect('plinth_tasks.task_queues', p_writable_if => 'plinth_base.current_user_administers()');

CREATE TRIGGER task_queues_set_updated_at BEFORE UPDATE ON plinth_tasks.task_queues
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
