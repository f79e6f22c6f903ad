-- Which task waits for which. An edge is put in by add_dependencies() and nobody else (V013), because whether it closes a
-- cycle is a question about many rows; what it waits for is a counter in the task, so that a worker that looks for work
-- never looks at an edge (ADR 0023).

CREATE TABLE plinth_tasks.task_dependencies (
  organization_id uuid NOT NULL,
  predecessor_id uuid NOT NULL,
  successor_id uuid NOT NULL,
  condition text NOT NULL DEFAULT 'success',
  output_as text,
  when_output jsonb,
  satisfied_at timestamptz,
  is_moot boolean NOT NULL DEFAULT false,
  CONSTRAINT task_dependencies_edge_pk PRIMARY KEY (organization_id, predecessor_id, successor_id),
  CONSTRAINT task_dependencies_predecessor_fk FOREIGN KEY (organization_id, predecessor_id)
    REFERENCES plinth_tasks.tasks (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT task_dependencies_successor_fk FOREIGN KEY (organization_id, successor_id)
    REFERENCES plinth_tasks.tasks (organization_id, id) ON DELETE CASCADE,
  CONSTRAINT task_dependencies_condition_ck CHECK (condition IN ('success', 'completion', 'failure')),
  CONSTRAINT task_dependencies_output_as_ck CHECK (output_as <> '' AND length(output_as) <= 100),
  CONSTRAINT task_dependencies_when_output_ck CHECK (
    when_output IS NULL OR (condition = 'success' AND jsonb_typeof(when_output) = 'object')),
  CONSTRAINT task_dependencies_is_moot_ck CHECK (NOT is_moot OR satisfied_at IS NOT NULL),
  CONSTRAINT task_dependencies_size_ck CHECK (length(when_output::text) <= 100000),
  CONSTRAINT task_dependencies_times_are_finite_ck CHECK (plinth_tasks.are_finite(satisfied_at))
  -- Each edge is changed once, in columns without an index: with room on its page, no index is touched.
) WITH (fillfactor = 80);
COMMENT ON TABLE plinth_tasks.task_dependencies IS 'Edges between tasks: the successor waits for the predecessor';
COMMENT ON COLUMN plinth_tasks.task_dependencies.condition IS
  'success: it succeeded; completion: it ended, however; failure: it is dead. Of several edges of failure to a task one is '
  'enough';
COMMENT ON COLUMN plinth_tasks.task_dependencies.output_as IS
  'Under which member of the successor''s input the predecessor''s output is put; NULL: nowhere';
COMMENT ON COLUMN plinth_tasks.task_dependencies.when_output IS
  'What the predecessor''s output has to contain, or the successor is skipped; NULL: any output will do';
COMMENT ON COLUMN plinth_tasks.task_dependencies.satisfied_at IS
  'Since when it no longer holds the successor up; NULL: it does, or the successor was skipped or cancelled for it';
COMMENT ON COLUMN plinth_tasks.task_dependencies.is_moot IS
  'That it neither holds up nor lets through: the predecessor was skipped, or an edge of failure whose predecessor is not dead';

SELECT plinth_base.protect('plinth_tasks.task_dependencies', p_app_may => '', p_system_may => 'SELECT, INSERT, UPDATE');

CREATE INDEX task_dependencies_successor_ix
  ON plinth_tasks.task_dependencies (organization_id, successor_id, predecessor_id);
CREATE UNIQUE INDEX task_dependencies_output_as_uq
  ON plinth_tasks.task_dependencies (organization_id, successor_id, output_as) WHERE output_as IS NOT NULL;

CREATE FUNCTION plinth_tasks.are_task_dependencies_satisfied(p_task uuid) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN (
    SELECT t.unmet_dependencies = 0 FROM plinth_tasks.tasks t
    WHERE t.organization_id = plinth_base.current_organization_id() AND t.id = p_task);
COMMENT ON FUNCTION plinth_tasks.are_task_dependencies_satisfied(uuid) IS
  'Whether a task of the transaction''s organization waits for no other; NULL if there is no such task';
