-- Which work items wait for which. No item waits for itself, over any number of others: that is about the whole graph of an
-- organization, so edges are added one after the other. Who does not see both ends learns nothing of an edge.

CREATE TABLE plinth_tasks.work_item_dependencies (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  blocker_id uuid NOT NULL,
  blocker_audience text[] NOT NULL,
  blocked_id uuid NOT NULL,
  blocked_audience text[] NOT NULL,
  author_id uuid DEFAULT plinth_base.current_user_id(),
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  CONSTRAINT work_item_dependencies_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT work_item_dependencies_edge_uq UNIQUE (organization_id, blocker_id, blocked_id),
  CONSTRAINT work_item_dependencies_blocker_fk FOREIGN KEY (organization_id, blocker_id, blocker_audience)
    REFERENCES plinth_tasks.work_items (organization_id, id, audience) ON UPDATE CASCADE,
  CONSTRAINT work_item_dependencies_blocked_fk FOREIGN KEY (organization_id, blocked_id, blocked_audience)
    REFERENCES plinth_tasks.work_items (organization_id, id, audience) ON UPDATE CASCADE,
  CONSTRAINT work_item_dependencies_author_fk FOREIGN KEY (organization_id, author_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT work_item_dependencies_not_itself_ck CHECK (blocker_id <> blocked_id),
  CONSTRAINT work_item_dependencies_times_are_finite_ck CHECK (plinth_tasks.are_finite(created_at))
);
COMMENT ON TABLE plinth_tasks.work_item_dependencies IS
  'Which work item is neither started nor finished before which; seen by who sees both';
COMMENT ON COLUMN plinth_tasks.work_item_dependencies.blocker_id IS 'What is to be done first';
COMMENT ON COLUMN plinth_tasks.work_item_dependencies.blocker_audience IS 'As the blocker''s is now: the foreign key follows it';
COMMENT ON COLUMN plinth_tasks.work_item_dependencies.blocked_id IS 'What waits for it';
COMMENT ON COLUMN plinth_tasks.work_item_dependencies.blocked_audience IS 'As that of the one that waits: the foreign key follows it';
COMMENT ON COLUMN plinth_tasks.work_item_dependencies.author_id IS 'Who acted; none where a service did';

SELECT plinth_base.protect('plinth_tasks.work_item_dependencies',
  p_visible_if =>
    'plinth_tasks.current_user_is_among(blocker_audience) AND plinth_tasks.current_user_is_among(blocked_audience)',
  p_app_may => 'DELETE', p_system_may => 'SELECT, INSERT, DELETE');

CREATE INDEX work_item_dependencies_blocked_ix ON plinth_tasks.work_item_dependencies (organization_id, blocked_id, blocker_id);

CREATE FUNCTION plinth_tasks.work_item_cycle(p_organization uuid, p_blocker uuid, p_blocked uuid) RETURNS uuid[]
  LANGUAGE plpgsql STABLE
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  seen uuid[] := ARRAY[p_blocked];
  because uuid[] := ARRAY[NULL::uuid];
  found uuid[] := seen;
  via uuid[];
  path uuid[] := ARRAY[p_blocked];
  step uuid := p_blocker;
BEGIN
  -- Level by level from the one that is to wait: what waits for it, what waits for that.
  WHILE cardinality(found) > 0 AND p_blocker <> ALL (seen) LOOP
    SELECT coalesce(array_agg(n.blocked_id), '{}'), coalesce(array_agg(n.blocker_id), '{}') INTO found, via
      FROM (
        SELECT DISTINCT ON (d.blocked_id) d.blocked_id, d.blocker_id
        FROM plinth_tasks.work_item_dependencies d
        WHERE d.organization_id = p_organization AND d.blocker_id = ANY (found) AND d.blocked_id <> ALL (seen)) n;
    seen := seen || found;
    because := because || via;
  END LOOP;
  IF p_blocker <> ALL (seen) THEN
    RETURN NULL;
  END IF;
  WHILE step IS NOT NULL LOOP
    path := path || step;
    step := because[array_position(seen, step)];
  END LOOP;
  RETURN path;
END
$$;
COMMENT ON FUNCTION plinth_tasks.work_item_cycle(uuid, uuid, uuid) IS
  'The cycle that an edge would close, from the one that is to wait back to itself, each followed by what it waits for; NULL if '
  'it closes none';

CREATE FUNCTION plinth_tasks.add_work_item_dependency(p_blocker uuid, p_blocked uuid) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  organization uuid := plinth_base.current_organization_id();
  blocker plinth_tasks.work_items;
  blocked plinth_tasks.work_items;
  path uuid[];
  stored uuid;
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers let nothing wait' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF current_setting('transaction_isolation') = 'repeatable read' THEN
    RAISE EXCEPTION 'dependencies are not added in REPEATABLE READ: its snapshot may be older than the lock, and miss half of a '
      'cycle' USING ERRCODE = 'invalid_transaction_state';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('plinth_tasks.work_item_dependencies ' || organization, 0));
  -- In one order for all, and against who hands over or deletes either meanwhile.
  PERFORM FROM plinth_tasks.work_items w
    WHERE w.organization_id = organization AND w.id IN (p_blocker, p_blocked) ORDER BY w.id FOR SHARE;
  SELECT * INTO blocker FROM plinth_tasks.work_items w
    WHERE w.organization_id = organization AND w.id = p_blocker AND w.deleted_at IS NULL
      AND plinth_tasks.current_user_is_among(w.audience);
  SELECT * INTO blocked FROM plinth_tasks.work_items w
    WHERE w.organization_id = organization AND w.id = p_blocked AND w.deleted_at IS NULL
      AND plinth_tasks.current_user_is_among(w.audience);
  IF blocker.id IS NULL OR blocked.id IS NULL THEN
    RAISE EXCEPTION 'there is no such work item' USING ERRCODE = 'foreign_key_violation', TABLE = 'work_item_dependencies',
      CONSTRAINT = CASE WHEN blocker.id IS NULL THEN 'work_item_dependencies_blocker_fk'
                   ELSE 'work_item_dependencies_blocked_fk' END;
  END IF;

  path := plinth_tasks.work_item_cycle(organization, p_blocker, p_blocked);
  IF path IS NOT NULL THEN
    -- That there is a way back cannot be hidden; over which hidden ones it leads, is.
    RAISE EXCEPTION 'work_item would wait for itself: %', (
        SELECT string_agg(p.id::text, ' > ' ORDER BY p.place)
        FROM unnest(path) WITH ORDINALITY AS p (id, place)
        JOIN plinth_tasks.work_items w ON w.organization_id = organization AND w.id = p.id
        WHERE plinth_tasks.current_user_is_among(w.audience))
      USING ERRCODE = 'PL011';
  END IF;
  INSERT INTO plinth_tasks.work_item_dependencies (
      organization_id, blocker_id, blocker_audience, blocked_id, blocked_audience)
    VALUES (organization, p_blocker, blocker.audience, p_blocked, blocked.audience)
    ON CONFLICT DO NOTHING
    RETURNING id INTO stored;
  RETURN stored;
END
$$;
COMMENT ON FUNCTION plinth_tasks.add_work_item_dependency(uuid, uuid) IS
  'Lets one work item wait for another, both of which who acts sees; NULL if it does already. PL011 with the path if it would '
  'wait for itself, of which those are named that who acts sees';

CREATE FUNCTION plinth_tasks.guard_blocked_work_item() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF EXISTS (
    SELECT FROM plinth_tasks.work_item_dependencies d
    JOIN plinth_tasks.work_items b ON b.organization_id = d.organization_id AND b.id = d.blocker_id
    WHERE d.organization_id = NEW.organization_id AND d.blocked_id = NEW.id
      AND b.status IN ('todo', 'in_progress') AND b.deleted_at IS NULL)
  THEN
    RAISE EXCEPTION 'work_item cannot go from % to % while blockers are open', OLD.status, NEW.status USING ERRCODE = 'PL010';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_blocked_work_item() IS
  'Nothing is started or finished before its blockers, as far as who acts sees them: to refuse for others would tell of them';

-- After the guard of the status, by its name.
CREATE TRIGGER work_items_guard_blocked BEFORE UPDATE OF status ON plinth_tasks.work_items
  FOR EACH ROW WHEN (NEW.status IN ('in_progress', 'done') AND OLD.status <> NEW.status)
  EXECUTE FUNCTION plinth_tasks.guard_blocked_work_item();

CREATE FUNCTION plinth_tasks.unblock_deleted_work_item() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  DELETE FROM plinth_tasks.work_item_dependencies d
    WHERE d.organization_id = NEW.organization_id AND (d.blocker_id = NEW.id OR d.blocked_id = NEW.id);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_tasks.unblock_deleted_work_item() IS 'What is deleted blocks nothing and waits for nothing';

CREATE TRIGGER work_items_unblock AFTER UPDATE OF deleted_at ON plinth_tasks.work_items
  FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION plinth_tasks.unblock_deleted_work_item();

DO $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_tasks.add_work_item_dependency(uuid, uuid) TO %I',
                 plinth_base.role_name('app'));
END
$$;
SELECT plinth_base.give_to_system('plinth_tasks.add_work_item_dependency(uuid, uuid)');
SELECT plinth_base.give_to_system('plinth_tasks.unblock_deleted_work_item()');
