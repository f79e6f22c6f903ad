-- What became of work items: how each stood after every change that counts. Append-only, and written by a trigger of
-- plinth_system, so also for who writes by hand, and by nobody else. Burndown, cycle time, throughput and delay of any past
-- day are computed from here and never from the items: what moves on, is reopened or deleted leaves the past as it was.

CREATE TABLE plinth_tasks.work_item_transitions (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  work_item_id uuid NOT NULL,
  item_version integer NOT NULL,
  changed text[] NOT NULL,
  kind text NOT NULL,
  project_id uuid,
  status text NOT NULL,
  assigned_role text,
  assignee_id uuid,
  start_at timestamptz,
  end_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  points numeric(8, 2),
  is_deleted boolean NOT NULL,
  author_id uuid DEFAULT plinth_base.current_user_id(),
  audience text[] NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT work_item_transitions_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT work_item_transitions_item_version_uq UNIQUE (organization_id, work_item_id, item_version),
  CONSTRAINT work_item_transitions_work_item_fk FOREIGN KEY (organization_id, work_item_id, audience)
    REFERENCES plinth_tasks.work_items (organization_id, id, audience) ON UPDATE CASCADE,
  CONSTRAINT work_item_transitions_assignee_fk FOREIGN KEY (organization_id, assignee_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT work_item_transitions_author_fk FOREIGN KEY (organization_id, author_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT work_item_transitions_changed_ck CHECK (cardinality(changed) > 0 AND changed <@ ARRAY[
    'created', 'status', 'role', 'assignee', 'start', 'end', 'points', 'project', 'deleted']),
  CONSTRAINT work_item_transitions_times_are_finite_ck CHECK (
    plinth_tasks.are_finite(start_at, end_at, started_at, completed_at, created_at))
);
COMMENT ON TABLE plinth_tasks.work_item_transitions IS
  'How work items stood after each change; append-only, seen by who sees the item now';
COMMENT ON COLUMN plinth_tasks.work_item_transitions.item_version IS 'The version of the item; what came after what';
COMMENT ON COLUMN plinth_tasks.work_item_transitions.changed IS
  'What is not as it was before: created, or some of status, role, assignee, start, end, points, project, deleted';
COMMENT ON COLUMN plinth_tasks.work_item_transitions.assignee_id IS 'Who was to do it then';
COMMENT ON COLUMN plinth_tasks.work_item_transitions.author_id IS 'Who acted; none where a service did';
COMMENT ON COLUMN plinth_tasks.work_item_transitions.audience IS
  'That of the item as it is now: the foreign key follows it, and nobody else updates this table';
COMMENT ON COLUMN plinth_tasks.work_item_transitions.created_at IS 'Never before that of the transition before';

SELECT plinth_base.protect('plinth_tasks.work_item_transitions',
  p_visible_if => 'plinth_tasks.current_user_is_among(audience)',
  p_app_may => '', p_system_may => 'SELECT, INSERT');

CREATE INDEX work_item_transitions_project_ix
  ON plinth_tasks.work_item_transitions (organization_id, project_id, work_item_id) WHERE project_id IS NOT NULL;

CREATE FUNCTION plinth_tasks.record_work_item() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  was plinth_tasks.work_items := OLD;
  what text[] := ARRAY(
    SELECT c.field
    FROM (VALUES
      ('created', TG_OP = 'INSERT'),
      ('status', NEW.status <> was.status),
      ('role', TG_OP = 'UPDATE' AND NEW.assigned_role IS DISTINCT FROM was.assigned_role),
      ('assignee', TG_OP = 'UPDATE' AND NEW.assignee_id IS DISTINCT FROM was.assignee_id),
      ('start', TG_OP = 'UPDATE' AND NEW.start_at IS DISTINCT FROM was.start_at),
      ('end', TG_OP = 'UPDATE' AND NEW.end_at IS DISTINCT FROM was.end_at),
      ('points', TG_OP = 'UPDATE' AND NEW.points IS DISTINCT FROM was.points),
      ('project', TG_OP = 'UPDATE' AND NEW.project_id IS DISTINCT FROM was.project_id),
      ('deleted', TG_OP = 'UPDATE' AND NEW.deleted_at IS DISTINCT FROM was.deleted_at)) AS c (field, changed)
    WHERE c.changed);
BEGIN
  IF cardinality(what) > 0 THEN
    INSERT INTO plinth_tasks.work_item_transitions (
        organization_id, work_item_id, item_version, changed, kind, project_id, status, assigned_role, assignee_id,
        start_at, end_at, started_at, completed_at, points, is_deleted, audience, created_at)
      -- Who began the transaction earlier may come later: time does not go back.
      SELECT NEW.organization_id, NEW.id, NEW.version, what, NEW.kind, NEW.project_id, NEW.status, NEW.assigned_role,
             NEW.assignee_id, NEW.start_at, NEW.end_at, NEW.started_at, NEW.completed_at, NEW.points,
             NEW.deleted_at IS NOT NULL, NEW.audience,
             greatest(plinth_base.transaction_time(), (
               SELECT t.created_at FROM plinth_tasks.work_item_transitions t
               WHERE t.organization_id = NEW.organization_id AND t.work_item_id = NEW.id
               ORDER BY t.item_version DESC LIMIT 1));
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_tasks.record_work_item() IS 'Writes the transitions of a work item';

CREATE TRIGGER work_items_record
  AFTER INSERT OR UPDATE OF status, assigned_role, assignee_id, start_at, end_at, points, project_id, deleted_at
  ON plinth_tasks.work_items
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.record_work_item();
SELECT plinth_base.give_to_system('plinth_tasks.record_work_item()');
