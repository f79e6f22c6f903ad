-- What the work of an organization is for. A project lives through planning, active and on hold until it is completed or
-- cancelled, and is archived after that; the trigger holds whoever writes. Projects are deleted softly: what points to
-- one stays readable.

CREATE TABLE plinth_projects.projects (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  key text NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  goals text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'planning',
  priority plinth_base.priority NOT NULL DEFAULT 2,
  start_date date,
  target_date date,
  completed_at timestamptz,
  owner_id uuid,
  workspace_id uuid,
  tags text[] NOT NULL DEFAULT '{}',
  metadata jsonb NOT NULL DEFAULT '{}',
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT projects_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT projects_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT projects_owner_fk FOREIGN KEY (organization_id, owner_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT projects_workspace_fk FOREIGN KEY (organization_id, workspace_id)
    REFERENCES plinth_base.workspaces (organization_id, id),
  CONSTRAINT projects_key_ck CHECK (key ~ '^[A-Z][A-Z0-9]{1,9}$'),
  CONSTRAINT projects_name_ck CHECK (btrim(name) <> '' AND length(name) <= 200),
  CONSTRAINT projects_description_ck CHECK (length(description) <= 20000),
  CONSTRAINT projects_goals_ck CHECK (length(goals) <= 20000),
  CONSTRAINT projects_status_ck CHECK (status IN
    ('planning', 'active', 'on_hold', 'completed', 'cancelled', 'archived')),
  CONSTRAINT projects_target_not_before_start_ck CHECK (target_date >= start_date),
  CONSTRAINT projects_completed_at_ck CHECK (CASE status
    WHEN 'completed' THEN completed_at IS NOT NULL
    WHEN 'archived' THEN true
    ELSE completed_at IS NULL END),
  CONSTRAINT projects_tags_ck CHECK (cardinality(tags) <= 50 AND array_position(tags, NULL) IS NULL),
  CONSTRAINT projects_metadata_ck CHECK (jsonb_typeof(metadata) = 'object')
);
COMMENT ON TABLE plinth_projects.projects IS 'What the work of an organization is for';
COMMENT ON COLUMN plinth_projects.projects.key IS 'Short name, as in APOLLO; unique among the projects that are not deleted';
COMMENT ON COLUMN plinth_projects.projects.status IS
  'planning, active, on_hold, completed, cancelled, archived; an UPDATE that leaves it as it is, is no transition';
COMMENT ON COLUMN plinth_projects.projects.priority IS '1 low, 2 medium, 3 high, 4 critical';
COMMENT ON COLUMN plinth_projects.projects.target_date IS 'When it is to be completed; overdue from the day after, in UTC';
COMMENT ON COLUMN plinth_projects.projects.completed_at IS 'When it became completed; set by the trigger, kept when archived';
COMMENT ON COLUMN plinth_projects.projects.owner_id IS 'The member who answers for it; none where a service made it';
COMMENT ON COLUMN plinth_projects.projects.workspace_id IS
  'The workspace that it belongs to, if any; a project keeps it when the workspace is deleted, until it is moved';
COMMENT ON COLUMN plinth_projects.projects.metadata IS 'The host''s own, an object';
COMMENT ON COLUMN plinth_projects.projects.deleted_at IS 'Since when it is gone for services and views; NULL while it is there';

-- Not the id and what triggers stamp: nobody writes history anew.
SELECT plinth_base.protect('plinth_projects.projects',
  p_app_may => 'INSERT (organization_id, key, name, description, goals, status, priority, start_date, target_date, owner_id, '
    'workspace_id, tags, metadata), UPDATE (key, name, description, goals, status, priority, start_date, target_date, '
    'owner_id, workspace_id, tags, metadata, deleted_at)');
SELECT plinth_base.audit('plinth_projects.projects');

CREATE UNIQUE INDEX projects_key_uq ON plinth_projects.projects (organization_id, key) WHERE deleted_at IS NULL;
CREATE INDEX projects_status_ix ON plinth_projects.projects (organization_id, status, id) WHERE deleted_at IS NULL;
CREATE INDEX projects_owner_ix ON plinth_projects.projects (organization_id, owner_id, id) WHERE deleted_at IS NULL;
CREATE INDEX projects_workspace_ix ON plinth_projects.projects (organization_id, workspace_id, id)
  WHERE deleted_at IS NULL;

CREATE TRIGGER projects_set_updated_at BEFORE UPDATE ON plinth_projects.projects
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_projects.guard_project_status() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  was text := CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE 'nothing' END;
BEGIN
  IF NEW.status = was THEN
    RETURN NEW;
  END IF;
  IF NOT (CASE was
    WHEN 'nothing' THEN NEW.status IN ('planning', 'active')
    WHEN 'planning' THEN NEW.status IN ('active', 'cancelled')
    WHEN 'active' THEN NEW.status IN ('on_hold', 'completed', 'cancelled')
    WHEN 'on_hold' THEN NEW.status IN ('active', 'completed', 'cancelled')
    WHEN 'completed' THEN NEW.status = 'archived'
    WHEN 'cancelled' THEN NEW.status = 'archived'
    ELSE false END)
  THEN
    RAISE EXCEPTION 'project cannot go from % to %', was, NEW.status USING ERRCODE = 'PL010';
  END IF;
  IF NEW.status = 'completed' THEN
    NEW.completed_at := plinth_base.transaction_time();
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_projects.guard_project_status() IS
  'The lifecycle of a project, as ProjectStatus.canBecome says it in Java; stamps completed_at';

CREATE TRIGGER projects_guard_status BEFORE INSERT OR UPDATE OF status ON plinth_projects.projects
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.guard_project_status();
