-- Graphs of tasks that are begun as one. What a workflow says is one document, because it is read and written as a whole;
-- a run copies it into tasks and task_dependencies, so no change of a workflow touches a run that has begun, and no
-- earlier version has to be kept.

CREATE TABLE plinth_tasks.workflows (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  name text NOT NULL,
  kind text NOT NULL,
  failure_policy text NOT NULL DEFAULT 'stop',
  graph jsonb NOT NULL,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT workflows_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT workflows_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT workflows_name_ck CHECK (name ~ '^[a-z][a-z0-9._-]*$' AND length(name) <= 100),
  CONSTRAINT workflows_kind_ck CHECK (kind IN ('sequence', 'parallel', 'dag')),
  CONSTRAINT workflows_failure_policy_ck CHECK (failure_policy IN ('stop', 'continue', 'compensate')),
  CONSTRAINT workflows_graph_ck CHECK (
    jsonb_typeof(graph -> 'nodes') = 'array' AND jsonb_typeof(graph -> 'edges') = 'array'),
  -- A hundred bytes for each of the most edges that a graph has.
  CONSTRAINT workflows_size_ck CHECK (length(graph::text) <= 50000000),
  CONSTRAINT workflows_times_are_finite_ck CHECK (plinth_tasks.are_finite(deleted_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.workflows IS 'Graphs of tasks that are begun as one';
COMMENT ON COLUMN plinth_tasks.workflows.kind IS 'How it was put together: one after the other, all at once, or any other way';
COMMENT ON COLUMN plinth_tasks.workflows.failure_policy IS
  'What becomes of a run of which a task is dead or cancelled. stop: what waits is cancelled; continue: only what waits for '
  'that task; compensate: as stop, and then what succeeded is undone, the last first';
COMMENT ON COLUMN plinth_tasks.workflows.graph IS 'nodes: name, task, input, compensation; edges: from, to, condition, outputAs, when';

SELECT plinth_base.protect('plinth_tasks.workflows', p_app_may => 'INSERT, UPDATE');

CREATE UNIQUE INDEX workflows_name_uq ON plinth_tasks.workflows (organization_id, name) WHERE deleted_at IS NULL;

CREATE TRIGGER workflows_set_updated_at BEFORE UPDATE ON plinth_tasks.workflows
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

-- Each run of a workflow, or of a graph that no workflow holds. Its tasks say run_id; how far it is, is counted from them.
-- The application begins a run; from then on only the functions that settle what a task came to write it (V012).

CREATE TABLE plinth_tasks.workflow_runs (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  workflow_id uuid,
  workflow_version integer,
  name text NOT NULL,
  failure_policy text NOT NULL,
  compensations jsonb NOT NULL DEFAULT '{}',
  input jsonb NOT NULL DEFAULT '{}',
  status text NOT NULL DEFAULT 'running',
  started_by uuid DEFAULT plinth_base.current_user_id(),
  started_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  failed_at timestamptz,
  stopped_at timestamptz,
  cancel_requested_at timestamptz,
  finished_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT workflow_runs_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT workflow_runs_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT workflow_runs_workflow_fk FOREIGN KEY (organization_id, workflow_id)
    REFERENCES plinth_tasks.workflows (organization_id, id),
  CONSTRAINT workflow_runs_started_by_fk FOREIGN KEY (organization_id, started_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT workflow_runs_name_ck CHECK (name ~ '^[a-z][a-z0-9._-]*$' AND length(name) <= 100),
  CONSTRAINT workflow_runs_failure_policy_ck CHECK (failure_policy IN ('stop', 'continue', 'compensate')),
  CONSTRAINT workflow_runs_compensations_ck CHECK (jsonb_typeof(compensations) = 'object'),
  CONSTRAINT workflow_runs_input_ck CHECK (jsonb_typeof(input) = 'object'),
  CONSTRAINT workflow_runs_status_ck CHECK (
    status IN ('running', 'succeeded', 'failed', 'cancelled', 'compensating', 'compensated')),
  CONSTRAINT workflow_runs_finished_at_ck CHECK ((status IN ('running', 'compensating')) = (finished_at IS NULL)),
  CONSTRAINT workflow_runs_deleted_when_over_ck CHECK (deleted_at IS NULL OR finished_at IS NOT NULL),
  CONSTRAINT workflow_runs_size_ck CHECK (length(input::text) <= 2000000 AND length(compensations::text) <= 10000000),
  CONSTRAINT workflow_runs_times_are_finite_ck CHECK (
    plinth_tasks.are_finite(
      started_at, failed_at, stopped_at, cancel_requested_at, finished_at, deleted_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.workflow_runs IS 'Runs of workflows, and of graphs that no workflow holds';
COMMENT ON COLUMN plinth_tasks.workflow_runs.workflow_id IS 'NULL: of a graph that no workflow holds';
COMMENT ON COLUMN plinth_tasks.workflow_runs.compensations IS 'Of each node that can be undone the id of the task definition that does';
COMMENT ON COLUMN plinth_tasks.workflow_runs.started_by IS 'The member who began it; NULL: a service';
COMMENT ON COLUMN plinth_tasks.workflow_runs.failed_at IS 'When a task was first dead or cancelled and nothing in the graph provided for it';
COMMENT ON COLUMN plinth_tasks.workflow_runs.stopped_at IS 'When what waited was cancelled; from then on nothing is added';
COMMENT ON COLUMN plinth_tasks.workflow_runs.deleted_at IS
  'Since when retention deletes it: nobody is shown it any more, its tasks go in batches, and it goes with the last of them';

SELECT plinth_base.protect('plinth_tasks.workflow_runs',
  p_app_may => 'INSERT (organization_id, id, workflow_id, workflow_version, name, failure_policy, compensations, input)',
  p_system_may => 'SELECT, UPDATE, DELETE');

CREATE INDEX workflow_runs_workflow_ix ON plinth_tasks.workflow_runs (organization_id, workflow_id, id);

CREATE TRIGGER workflow_runs_set_updated_at BEFORE UPDATE ON plinth_tasks.workflow_runs
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
