-- What people do: epics, stories and tasks on a board. Who may see an item is a matter of the item (its role, its
-- assignee, its creator), and policies hold no subquery: so each item says whom it is for in one column, and what belongs
-- to it (transitions, parents, dependencies) repeats that column by a foreign key that follows it.

CREATE FUNCTION plinth_tasks.current_user_manages_board() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('plinth.user_role', true), '') IN ('owner', 'admin', 'project_manager', 'service');
COMMENT ON FUNCTION plinth_tasks.current_user_manages_board() IS
  'True for owners, admins, project managers and the organization''s own machinery: they see every work item';

CREATE FUNCTION plinth_tasks.current_user_is_among(p_audience text[]) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN plinth_tasks.current_user_manages_board()
      OR p_audience && ARRAY['everybody', plinth_base.current_user_role(), plinth_base.current_user_id()::text];
COMMENT ON FUNCTION plinth_tasks.current_user_is_among(text[]) IS 'Whether who acts sees what is for this audience';

CREATE TABLE plinth_tasks.work_items (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  project_id uuid,
  kind text NOT NULL DEFAULT 'task',
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'todo',
  priority plinth_base.priority NOT NULL DEFAULT 2,
  assigned_role text,
  assignee_id uuid,
  creator_id uuid DEFAULT plinth_base.current_user_id(),
  start_at timestamptz,
  end_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  delayed_at timestamptz,
  points numeric(8, 2),
  rank numeric NOT NULL DEFAULT extract(epoch FROM clock_timestamp()),
  metadata jsonb NOT NULL DEFAULT '{}',
  audience text[] NOT NULL GENERATED ALWAYS AS (array_remove(ARRAY[
    CASE WHEN assigned_role IS NULL AND assignee_id IS NULL THEN 'everybody' END,
    assigned_role, assignee_id::text, creator_id::text], NULL)) STORED,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT work_items_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT work_items_audience_uq UNIQUE (organization_id, id, audience),
  CONSTRAINT work_items_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT work_items_assignee_fk FOREIGN KEY (organization_id, assignee_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT work_items_creator_fk FOREIGN KEY (organization_id, creator_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT work_items_kind_ck CHECK (kind IN ('epic', 'story', 'task')),
  CONSTRAINT work_items_title_ck CHECK (btrim(title) <> '' AND length(title) <= 200),
  CONSTRAINT work_items_description_ck CHECK (length(description) <= 20000),
  CONSTRAINT work_items_status_ck CHECK (status IN ('todo', 'in_progress', 'done', 'cancelled')),
  CONSTRAINT work_items_assigned_role_ck CHECK (assigned_role IN
    ('owner', 'admin', 'project_manager', 'developer', 'designer', 'tester', 'viewer', 'service')),
  CONSTRAINT work_items_end_after_start_ck CHECK (end_at > start_at),
  CONSTRAINT work_items_started_at_ck CHECK (CASE status
    WHEN 'todo' THEN true
    WHEN 'cancelled' THEN started_at IS NULL
    ELSE started_at IS NOT NULL END),
  CONSTRAINT work_items_completed_at_ck CHECK ((status = 'done') = (completed_at IS NOT NULL)),
  CONSTRAINT work_items_completed_not_before_started_ck CHECK (completed_at >= started_at),
  CONSTRAINT work_items_points_ck CHECK (points >= 0 AND points < 'NaN'),
  CONSTRAINT work_items_rank_ck CHECK (rank > '-Infinity' AND rank < 'Infinity'),
  CONSTRAINT work_items_metadata_ck CHECK (jsonb_typeof(metadata) = 'object'),
  CONSTRAINT work_items_size_ck CHECK (length(metadata::text) <= 100000),
  CONSTRAINT work_items_times_are_finite_ck CHECK (
    plinth_tasks.are_finite(start_at, end_at, started_at, completed_at, delayed_at, deleted_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.work_items IS
  'What people do; seen by who has the role, the assignee, the creator and who manages the board, by all members where '
  'neither role nor assignee is said';
COMMENT ON COLUMN plinth_tasks.work_items.project_id IS 'A project of plinth_projects, if any; a key where that is there too';
COMMENT ON COLUMN plinth_tasks.work_items.kind IS 'epic, story or task, for life; stories are part of epics, tasks of either';
COMMENT ON COLUMN plinth_tasks.work_items.status IS
  'todo, in_progress, done, cancelled; an UPDATE that leaves it as it is, is no transition';
COMMENT ON COLUMN plinth_tasks.work_items.priority IS '1 low, 2 medium, 3 high, 4 critical';
COMMENT ON COLUMN plinth_tasks.work_items.assigned_role IS 'Members of this role do it; changed by hand_over_work_item() alone';
COMMENT ON COLUMN plinth_tasks.work_items.assignee_id IS 'The member who does it; changed by hand_over_work_item() alone';
COMMENT ON COLUMN plinth_tasks.work_items.creator_id IS
  'Who acted; the application cannot name another. None where a service made it';
COMMENT ON COLUMN plinth_tasks.work_items.start_at IS 'When it is planned to begin';
COMMENT ON COLUMN plinth_tasks.work_items.end_at IS 'By when it is to be done; delayed from then on';
COMMENT ON COLUMN plinth_tasks.work_items.started_at IS
  'When it was first in progress since it was last cancelled; set by the trigger, kept when it goes back';
COMMENT ON COLUMN plinth_tasks.work_items.completed_at IS 'When it became done; set by the trigger';
COMMENT ON COLUMN plinth_tasks.work_items.delayed_at IS
  'When the job found that it is delayed, and said so; whether it is, is_delayed() knows at once';
COMMENT ON COLUMN plinth_tasks.work_items.points IS 'How big it is, as the team estimates it';
COMMENT ON COLUMN plinth_tasks.work_items.rank IS 'Where it stands among others, the lowest first; a new one stands last';
COMMENT ON COLUMN plinth_tasks.work_items.metadata IS 'The host''s own, an object';
COMMENT ON COLUMN plinth_tasks.work_items.audience IS 'Whom it is for, besides who manages the board: roles, users, or everybody';
COMMENT ON COLUMN plinth_tasks.work_items.deleted_at IS 'Since when it is gone for services; NULL while it is there';

-- Not the id, the kind and the creator, nor what triggers stamp; and not role and assignee: what hides a row from who
-- writes it is refused by the policies, so that is the function's.
SELECT plinth_base.protect('plinth_tasks.work_items',
  p_visible_if => 'plinth_tasks.current_user_is_among(audience)',
  p_app_may => 'INSERT (organization_id, project_id, kind, title, description, priority, assigned_role, assignee_id, start_at, '
    'end_at, points, rank, metadata), UPDATE (project_id, title, description, status, priority, start_at, end_at, points, rank, '
    'metadata, deleted_at)',
  p_system_may => 'SELECT, UPDATE');

CREATE INDEX work_items_status_ix ON plinth_tasks.work_items (organization_id, status, rank, id) WHERE deleted_at IS NULL;
CREATE INDEX work_items_project_ix ON plinth_tasks.work_items (organization_id, project_id, rank, id)
  WHERE deleted_at IS NULL;
CREATE INDEX work_items_assignee_ix ON plinth_tasks.work_items (organization_id, assignee_id, rank, id)
  WHERE deleted_at IS NULL;
CREATE INDEX work_items_rank_ix ON plinth_tasks.work_items (organization_id, rank, id) WHERE deleted_at IS NULL;
CREATE INDEX work_items_end_ix ON plinth_tasks.work_items (organization_id, end_at)
  WHERE deleted_at IS NULL AND status IN ('todo', 'in_progress');

-- Not of delayed_at: an editor's version is not outdated by the job that finds a delay.
CREATE TRIGGER work_items_set_updated_at BEFORE UPDATE OF project_id, title, description, status, priority, assigned_role,
  assignee_id, start_at, end_at, points, rank, metadata, deleted_at ON plinth_tasks.work_items
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_tasks.is_delayed(p_item plinth_tasks.work_items) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce((p_item).status IN ('todo', 'in_progress') AND (p_item).end_at < plinth_base.transaction_time(), false);
COMMENT ON FUNCTION plinth_tasks.is_delayed(plinth_tasks.work_items) IS
  'Whether its end has passed and it is open still; with this schema on the search path also w.is_delayed of work_items w';

CREATE FUNCTION plinth_tasks.guard_work_item() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  now timestamptz := plinth_base.transaction_time();
BEGIN
  IF NEW.deleted_at IS DISTINCT FROM OLD.deleted_at AND NOT plinth_tasks.current_user_manages_board()
    AND NEW.creator_id IS DISTINCT FROM plinth_base.current_user_id()
  THEN
    RAISE EXCEPTION 'a work item is deleted by its creator or who manages the board' USING ERRCODE = 'PL004';
  END IF;
  IF NEW.end_at IS DISTINCT FROM OLD.end_at THEN
    NEW.delayed_at := NULL;
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF NOT (CASE OLD.status
    WHEN 'todo' THEN NEW.status IN ('in_progress', 'cancelled')
    WHEN 'in_progress' THEN NEW.status IN ('todo', 'done', 'cancelled')
    WHEN 'done' THEN NEW.status = 'in_progress'
    WHEN 'cancelled' THEN NEW.status = 'todo'
    ELSE false END)
  THEN
    RAISE EXCEPTION 'work_item cannot go from % to %', OLD.status, NEW.status USING ERRCODE = 'PL010';
  END IF;
  NEW.started_at := CASE NEW.status
    WHEN 'in_progress' THEN coalesce(OLD.started_at, now) WHEN 'cancelled' THEN NULL ELSE OLD.started_at END;
  -- Who began the transaction earlier may come later: nothing is done before it is started.
  NEW.completed_at := CASE NEW.status WHEN 'done' THEN greatest(now, NEW.started_at) END;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_work_item() IS
  'The life of a work item, as WorkItemStatus.canBecome says it in Java, and who deletes it; stamps started_at, completed_at';

CREATE TRIGGER work_items_guard BEFORE UPDATE OF status, end_at, deleted_at ON plinth_tasks.work_items
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_work_item();

-- Once it is handed over, the giver may not see it any more: under the giver's policies neither the UPDATE nor its
-- RETURNING would pass. What is returned is what the giver saw and gave.
CREATE FUNCTION plinth_tasks.hand_over_work_item(p_id uuid, p_version integer, p_role text, p_assignee uuid)
  RETURNS SETOF plinth_tasks.work_items
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  organization uuid := plinth_base.current_organization_id();
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers hand over nothing' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF p_assignee IS NOT NULL AND NOT EXISTS (
    SELECT FROM plinth_base.organization_members m
    WHERE m.organization_id = organization AND m.user_id = p_assignee AND m.left_at IS NULL)
  THEN
    RAISE EXCEPTION 'user % is no active member of this organization', p_assignee USING ERRCODE = 'PL006';
  END IF;
  RETURN QUERY
    UPDATE plinth_tasks.work_items w SET assigned_role = p_role, assignee_id = p_assignee
    WHERE w.organization_id = organization AND w.id = p_id AND w.version = p_version AND w.deleted_at IS NULL
      AND plinth_tasks.current_user_is_among(w.audience)
    RETURNING w.*;
END
$$;
COMMENT ON FUNCTION plinth_tasks.hand_over_work_item(uuid, integer, text, uuid) IS
  'Gives a work item that who acts sees to a role, a member, both or everybody (neither); the row as it is then, none if there '
  'is no such item of that version. PL006 no active member';

DO $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_tasks.hand_over_work_item(uuid, integer, text, uuid) TO %I',
                 plinth_base.role_name('app'));
END
$$;
SELECT plinth_base.give_to_system('plinth_tasks.hand_over_work_item(uuid, integer, text, uuid)');
