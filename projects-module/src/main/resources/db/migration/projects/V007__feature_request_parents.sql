-- Feature requests have parts, which have parts. No request is its own ancestor, none is deeper than ten levels, and what
-- is completed has no open part. All of that is about several rows, so who changes it holds the row of the project: two
-- who make each the part of the other come one after the other, and the second sees what the first did.

CREATE FUNCTION plinth_projects.guard_feature_request_parent() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  levels CONSTANT integer := 10;
  was plinth_projects.feature_requests := OLD;
  moves boolean := NEW.parent_id IS DISTINCT FROM was.parent_id;
  closes boolean := NEW.status = 'completed' AND was.status <> 'completed';
  opens boolean := TG_OP = 'UPDATE' AND NEW.status NOT IN ('completed', 'rejected') AND was.status IN ('completed', 'rejected');
  goes boolean := NEW.deleted_at IS NOT NULL AND was.deleted_at IS NULL;
  returns boolean := NEW.deleted_at IS NULL AND was.deleted_at IS NOT NULL;
  path uuid[] := ARRAY[NEW.id];
  up uuid := NEW.parent_id;
  below integer;
  parent plinth_projects.feature_requests;
BEGIN
  IF NOT (moves OR closes OR opens OR goes OR returns) THEN
    RETURN NEW;
  END IF;
  PERFORM FROM plinth_projects.projects p
    WHERE p.organization_id = NEW.organization_id AND p.id = NEW.project_id FOR NO KEY UPDATE;

  WHILE moves AND up IS NOT NULL LOOP
    path := path || up;
    IF up = NEW.id THEN
      RAISE EXCEPTION 'feature_request would be its own ancestor: %', array_to_string(path, ' > ')
        USING ERRCODE = 'PL011';
    END IF;
    -- Where the snapshot is older than the lock, the rows themselves have to say that they changed.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM FROM plinth_projects.feature_requests f
        WHERE f.organization_id = NEW.organization_id AND f.id = up FOR SHARE;
    END IF;
    up := (SELECT f.parent_id FROM plinth_projects.feature_requests f
           WHERE f.organization_id = NEW.organization_id AND f.id = up);
  END LOOP;

  IF moves AND NEW.parent_id IS NOT NULL THEN
    WITH RECURSIVE parts AS (
      SELECT NEW.id AS id, 0 AS depth
      UNION ALL
      SELECT f.id, p.depth + 1 FROM parts p
      JOIN plinth_projects.feature_requests f
        ON f.organization_id = NEW.organization_id AND f.project_id = NEW.project_id AND f.parent_id = p.id)
    SELECT max(p.depth) INTO below FROM parts p;
    IF cardinality(path) + below > levels THEN
      RAISE EXCEPTION 'feature_request would be deeper than % levels', levels
        USING ERRCODE = 'check_violation', TABLE = 'feature_requests', CONSTRAINT = 'feature_requests_depth_ck';
    END IF;
  END IF;

  IF NEW.parent_id IS NOT NULL AND NEW.deleted_at IS NULL AND (moves OR opens OR returns) THEN
    SELECT * INTO parent FROM plinth_projects.feature_requests f
      WHERE f.organization_id = NEW.organization_id AND f.id = NEW.parent_id;
    IF parent.deleted_at IS NOT NULL THEN
      RAISE EXCEPTION 'the parent is deleted' USING
        ERRCODE = 'foreign_key_violation', TABLE = 'feature_requests', CONSTRAINT = 'feature_requests_parent_fk';
    END IF;
    IF parent.status = 'completed' AND NEW.status NOT IN ('completed', 'rejected') THEN
      RAISE EXCEPTION 'feature_request cannot go from % to % as a part of what is completed',
        coalesce(was.status, 'nothing'), NEW.status USING ERRCODE = 'PL010';
    END IF;
  END IF;

  IF goes AND EXISTS (
    SELECT FROM plinth_projects.feature_requests f
    WHERE f.organization_id = NEW.organization_id AND f.project_id = NEW.project_id AND f.parent_id = NEW.id
      AND f.deleted_at IS NULL)
  THEN
    RAISE EXCEPTION 'it has parts' USING
      ERRCODE = 'restrict_violation', TABLE = 'feature_requests', CONSTRAINT = 'feature_requests_parent_fk';
  END IF;
  IF closes AND EXISTS (
    SELECT FROM plinth_projects.feature_requests f
    WHERE f.organization_id = NEW.organization_id AND f.project_id = NEW.project_id AND f.parent_id = NEW.id
      AND f.deleted_at IS NULL AND f.status NOT IN ('completed', 'rejected'))
  THEN
    RAISE EXCEPTION 'feature_request cannot go from % to % while parts of it are open', was.status, NEW.status
      USING ERRCODE = 'PL010';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_projects.guard_feature_request_parent() IS
  'No cycles (PL011 with the path), ten levels, no open part of what is completed, no part without its whole';

-- After the guards of rights and status, by its name.
CREATE TRIGGER feature_requests_guard_tree BEFORE INSERT OR UPDATE OF parent_id, status, deleted_at
  ON plinth_projects.feature_requests
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.guard_feature_request_parent();
