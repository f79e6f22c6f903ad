-- What somebody wishes of a project. Every member but viewers proposes; who works on the project (its leads and
-- contributors) or administers the organization decides what becomes of it. Policies hold no subquery, so a trigger says
-- so to whoever writes by hand.

CREATE TABLE plinth_projects.feature_requests (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  project_id uuid NOT NULL,
  parent_id uuid,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'proposed',
  priority plinth_base.priority NOT NULL DEFAULT 2,
  requester_id uuid DEFAULT plinth_base.current_user_id(),
  assignee_id uuid,
  deadline date,
  completed_at timestamptz,
  complexity smallint,
  metadata jsonb NOT NULL DEFAULT '{}',
  search_vector tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('pg_catalog.simple', title), 'A')
    || setweight(to_tsvector('pg_catalog.simple', description), 'B')) STORED,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT feature_requests_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT feature_requests_project_uq UNIQUE (organization_id, project_id, id),
  CONSTRAINT feature_requests_project_fk FOREIGN KEY (organization_id, project_id)
    REFERENCES plinth_projects.projects (organization_id, id),
  CONSTRAINT feature_requests_parent_fk FOREIGN KEY (organization_id, project_id, parent_id)
    REFERENCES plinth_projects.feature_requests (organization_id, project_id, id),
  CONSTRAINT feature_requests_requester_fk FOREIGN KEY (organization_id, requester_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT feature_requests_assignee_fk FOREIGN KEY (organization_id, assignee_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT feature_requests_not_its_own_parent_ck CHECK (parent_id <> id),
  CONSTRAINT feature_requests_title_ck CHECK (btrim(title) <> '' AND length(title) <= 200),
  CONSTRAINT feature_requests_description_ck CHECK (length(description) <= 20000),
  CONSTRAINT feature_requests_status_ck CHECK (status IN
    ('proposed', 'planned', 'in_progress', 'in_review', 'completed', 'rejected')),
  CONSTRAINT feature_requests_completed_at_ck CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
  CONSTRAINT feature_requests_complexity_ck CHECK (complexity BETWEEN 0 AND 10),
  CONSTRAINT feature_requests_metadata_ck CHECK (jsonb_typeof(metadata) = 'object')
);
COMMENT ON TABLE plinth_projects.feature_requests IS 'What somebody wishes of a project';
COMMENT ON COLUMN plinth_projects.feature_requests.parent_id IS
  'What it is a part of, in the same project; without cycles, ten levels at most';
COMMENT ON COLUMN plinth_projects.feature_requests.status IS
  'proposed, planned, in_progress, in_review, completed, rejected; an UPDATE that leaves it as it is, is no transition';
COMMENT ON COLUMN plinth_projects.feature_requests.priority IS '1 low, 2 medium, 3 high, 4 critical';
COMMENT ON COLUMN plinth_projects.feature_requests.requester_id IS
  'Who acted; the application cannot name another. None where a service made it';
COMMENT ON COLUMN plinth_projects.feature_requests.deadline IS 'Overdue from the day after, in UTC';
COMMENT ON COLUMN plinth_projects.feature_requests.completed_at IS 'When it became completed; set by the trigger';
COMMENT ON COLUMN plinth_projects.feature_requests.complexity IS '0 to 10, as the project estimates it';
COMMENT ON COLUMN plinth_projects.feature_requests.metadata IS 'The host''s own, an object';
COMMENT ON COLUMN plinth_projects.feature_requests.search_vector IS 'Words of title and description as they are written';
COMMENT ON COLUMN plinth_projects.feature_requests.deleted_at IS
  'Since when it is gone for services and views; NULL while it is there';

SELECT plinth_base.protect('plinth_projects.feature_requests',
  p_app_may => 'INSERT (organization_id, project_id, parent_id, title, description, priority, assignee_id, deadline, '
    'complexity, metadata), UPDATE (parent_id, title, description, status, priority, assignee_id, deadline, complexity, '
    'metadata, deleted_at)');

CREATE INDEX feature_requests_status_ix ON plinth_projects.feature_requests (organization_id, project_id, status, id)
  WHERE deleted_at IS NULL;
CREATE INDEX feature_requests_assignee_ix ON plinth_projects.feature_requests (organization_id, assignee_id, id)
  WHERE deleted_at IS NULL;
CREATE INDEX feature_requests_requester_ix ON plinth_projects.feature_requests (organization_id, requester_id, id)
  WHERE deleted_at IS NULL;
CREATE INDEX feature_requests_priority_ix ON plinth_projects.feature_requests (organization_id, priority, id)
  WHERE deleted_at IS NULL;
CREATE INDEX feature_requests_deadline_ix ON plinth_projects.feature_requests (organization_id, deadline)
  WHERE deleted_at IS NULL AND status NOT IN ('completed', 'rejected');
CREATE INDEX feature_requests_parent_ix ON plinth_projects.feature_requests (organization_id, project_id, parent_id)
  WHERE parent_id IS NOT NULL;

SELECT plinth_base.make_text_search('plinth_projects.feature_requests', 'search_vector', 'deleted_at IS NULL');
SELECT plinth_base.make_similarity_search('plinth_projects.feature_requests', 'title', 'deleted_at IS NULL');

CREATE TRIGGER feature_requests_set_updated_at BEFORE UPDATE ON plinth_projects.feature_requests
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_projects.current_user_manages_project(p_organization uuid, p_project uuid) RETURNS boolean
  LANGUAGE sql STABLE
  RETURN coalesce(plinth_base.current_user_role(), 'system') = 'system'
      OR plinth_base.current_user_administers()
      OR plinth_base.current_user_may_write() AND EXISTS (
        SELECT FROM plinth_projects.project_members m
        WHERE m.organization_id = p_organization AND m.project_id = p_project
          AND m.user_id = plinth_base.current_user_id() AND m.role IN ('lead', 'contributor'));
COMMENT ON FUNCTION plinth_projects.current_user_manages_project(uuid, uuid) IS
  'True for who administers the organization, for leads and contributors of the project unless they are viewers of the '
  'organization, and outside a tenant''s transaction';

CREATE FUNCTION plinth_projects.guard_feature_request() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  plans boolean := CASE TG_OP
    WHEN 'INSERT' THEN NEW.priority <> 2 OR num_nonnulls(NEW.parent_id, NEW.assignee_id, NEW.deadline, NEW.complexity) > 0
    ELSE (NEW.status, NEW.priority, NEW.parent_id, NEW.assignee_id, NEW.deadline, NEW.complexity)
      IS DISTINCT FROM (OLD.status, OLD.priority, OLD.parent_id, OLD.assignee_id, OLD.deadline, OLD.complexity) END;
  words boolean := TG_OP = 'INSERT'
    OR (OLD.requester_id = plinth_base.current_user_id() AND OLD.status = 'proposed') IS TRUE;
BEGIN
  IF (plans OR NOT words)
    AND NOT plinth_projects.current_user_manages_project(NEW.organization_id, NEW.project_id)
  THEN
    RAISE EXCEPTION 'who works on the project plans its feature requests, and a requester changes the own words while '
      'they are proposed' USING ERRCODE = 'PL004';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_projects.guard_feature_request() IS 'Who may change what of a feature request';

CREATE TRIGGER feature_requests_guard BEFORE INSERT OR UPDATE ON plinth_projects.feature_requests
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.guard_feature_request();

CREATE FUNCTION plinth_projects.guard_feature_request_status() RETURNS trigger
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
    WHEN 'nothing' THEN NEW.status = 'proposed'
    WHEN 'proposed' THEN NEW.status IN ('planned', 'rejected')
    WHEN 'planned' THEN NEW.status IN ('in_progress', 'rejected')
    WHEN 'in_progress' THEN NEW.status IN ('planned', 'in_review', 'rejected')
    WHEN 'in_review' THEN NEW.status IN ('in_progress', 'completed', 'rejected')
    WHEN 'completed' THEN NEW.status = 'in_progress'
    WHEN 'rejected' THEN NEW.status = 'proposed'
    ELSE false END)
  THEN
    RAISE EXCEPTION 'feature_request cannot go from % to %', was, NEW.status USING ERRCODE = 'PL010';
  END IF;
  NEW.completed_at := CASE NEW.status WHEN 'completed' THEN plinth_base.transaction_time() END;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_projects.guard_feature_request_status() IS
  'The life of a feature request, as FeatureStatus.canBecome says it in Java; stamps completed_at';

CREATE TRIGGER feature_requests_guard_status BEFORE INSERT OR UPDATE OF status ON plinth_projects.feature_requests
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.guard_feature_request_status();
