-- What work items are part of, and since when. Beside the item and not in it: an item may be seen by who does not see what
-- it is part of, and then not even the id of that is told. What ended stays, so that an epic's past keeps what it had then.

CREATE TABLE plinth_tasks.work_item_parents (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  work_item_id uuid NOT NULL,
  kind text NOT NULL,
  audience text[] NOT NULL,
  parent_id uuid NOT NULL,
  parent_kind text NOT NULL,
  parent_audience text[] NOT NULL,
  ended_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  CONSTRAINT work_item_parents_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT work_item_parents_work_item_fk FOREIGN KEY (organization_id, work_item_id, audience)
    REFERENCES plinth_tasks.work_items (organization_id, id, audience) ON UPDATE CASCADE,
  CONSTRAINT work_item_parents_parent_fk FOREIGN KEY (organization_id, parent_id, parent_audience)
    REFERENCES plinth_tasks.work_items (organization_id, id, audience) ON UPDATE CASCADE,
  CONSTRAINT work_item_parents_level_ck CHECK (
    (parent_kind = 'epic' AND kind IN ('story', 'task')) OR (parent_kind = 'story' AND kind = 'task')),
  CONSTRAINT work_item_parents_ended_at_ck CHECK (ended_at >= created_at),
  CONSTRAINT work_item_parents_times_are_finite_ck CHECK (plinth_tasks.are_finite(ended_at, created_at))
);
COMMENT ON TABLE plinth_tasks.work_item_parents IS
  'What work items are and were part of; seen by who sees both. Levels go down, so there is no cycle';
COMMENT ON COLUMN plinth_tasks.work_item_parents.audience IS 'That of the item as it is now: the foreign key follows it';
COMMENT ON COLUMN plinth_tasks.work_item_parents.parent_audience IS 'That of the parent as it is now: the foreign key follows it';
COMMENT ON COLUMN plinth_tasks.work_item_parents.ended_at IS 'Since when it is no part of it any more; NULL while it is';
COMMENT ON COLUMN plinth_tasks.work_item_parents.created_at IS 'Since when it is a part of it';

SELECT plinth_base.protect('plinth_tasks.work_item_parents',
  p_visible_if => 'plinth_tasks.current_user_is_among(audience) AND plinth_tasks.current_user_is_among(parent_audience)',
  p_app_may => '', p_system_may => 'SELECT, INSERT, UPDATE');

CREATE UNIQUE INDEX work_item_parents_one_uq ON plinth_tasks.work_item_parents (organization_id, work_item_id)
  WHERE ended_at IS NULL;
CREATE INDEX work_item_parents_work_item_ix ON plinth_tasks.work_item_parents (organization_id, work_item_id);
CREATE INDEX work_item_parents_parent_ix ON plinth_tasks.work_item_parents (organization_id, parent_id, work_item_id);

CREATE FUNCTION plinth_tasks.place_work_item(p_id uuid, p_parent uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  organization uuid := plinth_base.current_organization_id();
  item plinth_tasks.work_items;
  parent plinth_tasks.work_items;
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers place nothing' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- In one order for all, and against who hands over or deletes either meanwhile.
  PERFORM FROM plinth_tasks.work_items w
    WHERE w.organization_id = organization AND w.id IN (p_id, p_parent) ORDER BY w.id FOR NO KEY UPDATE;
  SELECT * INTO item FROM plinth_tasks.work_items w
    WHERE w.organization_id = organization AND w.id = p_id AND w.deleted_at IS NULL
      AND plinth_tasks.current_user_is_among(w.audience);
  SELECT * INTO parent FROM plinth_tasks.work_items w
    WHERE w.organization_id = organization AND w.id = p_parent AND w.deleted_at IS NULL
      AND plinth_tasks.current_user_is_among(w.audience);
  IF item.id IS NULL OR (p_parent IS NOT NULL AND parent.id IS NULL) THEN
    RAISE EXCEPTION 'there is no such work item' USING ERRCODE = 'foreign_key_violation', TABLE = 'work_item_parents',
      CONSTRAINT = CASE WHEN item.id IS NULL THEN 'work_item_parents_work_item_fk' ELSE 'work_item_parents_parent_fk' END;
  END IF;
  -- Also one that who acts does not see: to refuse would tell that there is one.
  UPDATE plinth_tasks.work_item_parents p SET ended_at = greatest(plinth_base.transaction_time(), p.created_at)
    WHERE p.organization_id = organization AND p.work_item_id = p_id AND p.ended_at IS NULL
      AND p.parent_id IS DISTINCT FROM p_parent;
  IF p_parent IS NOT NULL THEN
    INSERT INTO plinth_tasks.work_item_parents (
        organization_id, work_item_id, kind, audience, parent_id, parent_kind, parent_audience)
      VALUES (organization, item.id, item.kind, item.audience, parent.id, parent.kind, parent.audience)
      ON CONFLICT DO NOTHING;
  END IF;
END
$$;
COMMENT ON FUNCTION plinth_tasks.place_work_item(uuid, uuid) IS
  'Makes a work item part of another, of both of which who acts sees, or of none (NULL); what it was part of before ends';

CREATE FUNCTION plinth_tasks.release_deleted_work_item() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  UPDATE plinth_tasks.work_item_parents p SET ended_at = greatest(plinth_base.transaction_time(), p.created_at)
    WHERE p.organization_id = NEW.organization_id AND (p.work_item_id = NEW.id OR p.parent_id = NEW.id)
      AND p.ended_at IS NULL;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_tasks.release_deleted_work_item() IS
  'What is deleted is part of nothing, and nothing is part of it: to refuse would tell of hidden parts';

CREATE TRIGGER work_items_release AFTER UPDATE OF deleted_at ON plinth_tasks.work_items
  FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION plinth_tasks.release_deleted_work_item();

DO $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_tasks.place_work_item(uuid, uuid) TO %I', plinth_base.role_name('app'));
END
$$;
SELECT plinth_base.give_to_system('plinth_tasks.place_work_item(uuid, uuid)');
SELECT plinth_base.give_to_system('plinth_tasks.release_deleted_work_item()');
