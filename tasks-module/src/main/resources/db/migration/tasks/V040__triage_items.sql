-- What comes in and is to be looked at: by whom, how urgent, of which kind, and what came of it. Every member sees it, and
-- everybody but viewers triages. A trigger keeps the life of an item, whoever writes; there is no deletion, only rejection.

CREATE TABLE plinth_tasks.triage_items (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  reporter_id uuid DEFAULT plinth_base.current_user_id(),
  status text NOT NULL DEFAULT 'pending',
  assignee_id uuid,
  priority plinth_base.priority NOT NULL DEFAULT 2,
  category text,
  resolution text,
  closed_at timestamptz,
  closed_by uuid,
  work_item_id uuid,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT triage_items_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT triage_items_work_item_uq UNIQUE (organization_id, work_item_id),
  CONSTRAINT triage_items_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT triage_items_reporter_fk FOREIGN KEY (organization_id, reporter_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT triage_items_assignee_fk FOREIGN KEY (organization_id, assignee_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT triage_items_closed_by_fk FOREIGN KEY (organization_id, closed_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT triage_items_work_item_fk FOREIGN KEY (organization_id, work_item_id)
    REFERENCES plinth_tasks.work_items (organization_id, id),
  CONSTRAINT triage_items_title_ck CHECK (btrim(title) <> '' AND length(title) <= 200),
  CONSTRAINT triage_items_description_ck CHECK (length(description) <= 20000),
  CONSTRAINT triage_items_status_ck CHECK (status IN ('pending', 'in_review', 'resolved', 'rejected')),
  CONSTRAINT triage_items_category_ck CHECK (btrim(category) <> '' AND length(category) <= 100),
  CONSTRAINT triage_items_resolution_ck CHECK (btrim(resolution) <> '' AND length(resolution) <= 5000),
  CONSTRAINT triage_items_resolved_with_resolution_ck CHECK ((status = 'resolved') = (resolution IS NOT NULL)),
  CONSTRAINT triage_items_closed_at_ck CHECK ((status IN ('resolved', 'rejected')) = (closed_at IS NOT NULL)),
  CONSTRAINT triage_items_times_are_finite_ck CHECK (plinth_tasks.are_finite(closed_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.triage_items IS 'What comes in and is to be looked at';
COMMENT ON COLUMN plinth_tasks.triage_items.reporter_id IS
  'Who acted; the application cannot name another. None where a service reported it';
COMMENT ON COLUMN plinth_tasks.triage_items.status IS
  'pending, in_review, resolved, rejected; an UPDATE that leaves it as it is, is no transition';
COMMENT ON COLUMN plinth_tasks.triage_items.priority IS '1 low, 2 medium, 3 high, 4 critical';
COMMENT ON COLUMN plinth_tasks.triage_items.category IS 'In the host''s words; NULL before somebody looked';
COMMENT ON COLUMN plinth_tasks.triage_items.resolution IS 'What came of it; of a resolved one only, cleared when it is reopened';
COMMENT ON COLUMN plinth_tasks.triage_items.closed_at IS 'When it was resolved or rejected; set by the trigger';
COMMENT ON COLUMN plinth_tasks.triage_items.closed_by IS 'Who did that; none where a service did. Set by the trigger';
COMMENT ON COLUMN plinth_tasks.triage_items.work_item_id IS 'What it became, for ever; not everybody who sees this sees that';

SELECT plinth_base.protect('plinth_tasks.triage_items',
  p_app_may => 'INSERT (organization_id, title, description, assignee_id, priority, category), UPDATE (title, description, '
    'status, assignee_id, priority, category, resolution, work_item_id)');

-- A queue: the most urgent first, among equals the oldest.
CREATE INDEX triage_items_priority_ix ON plinth_tasks.triage_items (organization_id, priority DESC, id);
CREATE INDEX triage_items_status_ix ON plinth_tasks.triage_items (organization_id, status, priority DESC, id);
CREATE INDEX triage_items_assignee_ix ON plinth_tasks.triage_items (organization_id, assignee_id, priority DESC, id);
CREATE INDEX triage_items_reporter_ix ON plinth_tasks.triage_items (organization_id, reporter_id, priority DESC, id);

SELECT plinth_base.make_similarity_search('plinth_tasks.triage_items', 'title');

CREATE TRIGGER triage_items_set_updated_at BEFORE UPDATE ON plinth_tasks.triage_items
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_tasks.guard_triage_item() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF (NEW.title, NEW.description) IS DISTINCT FROM (OLD.title, OLD.description)
    AND coalesce(plinth_base.current_user_role(), 'system') <> 'system'
    AND NOT plinth_base.current_user_administers()
    AND OLD.reporter_id IS DISTINCT FROM plinth_base.current_user_id()
  THEN
    RAISE EXCEPTION 'what was reported is changed by its reporter or who administers the organization'
      USING ERRCODE = 'PL004';
  END IF;
  -- As who acts: a work item that is hidden from whoever names it answers as one that is not there.
  IF NEW.work_item_id IS DISTINCT FROM OLD.work_item_id THEN
    IF OLD.work_item_id IS NOT NULL THEN
      RAISE EXCEPTION 'it became a work item already' USING
        ERRCODE = 'unique_violation', TABLE = 'triage_items', CONSTRAINT = 'triage_items_work_item_uq';
    END IF;
    IF NOT EXISTS (
      SELECT FROM plinth_tasks.work_items w WHERE w.organization_id = NEW.organization_id AND w.id = NEW.work_item_id)
    THEN
      RAISE EXCEPTION 'there is no such work item' USING
        ERRCODE = 'foreign_key_violation', TABLE = 'triage_items', CONSTRAINT = 'triage_items_work_item_fk';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_triage_item() IS 'Who may change the words of a report, and that it becomes one work item at most';

CREATE TRIGGER triage_items_guard BEFORE UPDATE OF title, description, work_item_id ON plinth_tasks.triage_items
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_triage_item();

CREATE FUNCTION plinth_tasks.guard_triage_item_status() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  closes boolean := NEW.status IN ('resolved', 'rejected');
BEGIN
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF NOT (CASE OLD.status
    WHEN 'pending' THEN NEW.status IN ('in_review', 'resolved', 'rejected')
    WHEN 'in_review' THEN NEW.status IN ('pending', 'resolved', 'rejected')
    WHEN 'resolved' THEN NEW.status = 'pending'
    WHEN 'rejected' THEN NEW.status = 'pending'
    ELSE false END)
  THEN
    RAISE EXCEPTION 'triage_item cannot go from % to %', OLD.status, NEW.status USING ERRCODE = 'PL010';
  END IF;
  IF OLD.status = 'resolved' THEN
    NEW.resolution := NULL;
  END IF;
  NEW.closed_at := CASE WHEN closes THEN plinth_base.transaction_time() END;
  NEW.closed_by := CASE WHEN closes THEN plinth_base.current_user_id() END;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_triage_item_status() IS
  'The life of a triage item, as TriageStatus.canBecome says it in Java; stamps who closed it, and clears what is reopened';

CREATE TRIGGER triage_items_guard_status BEFORE UPDATE OF status ON plinth_tasks.triage_items
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_triage_item_status();
