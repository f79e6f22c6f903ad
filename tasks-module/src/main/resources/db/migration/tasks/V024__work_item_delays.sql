-- What became late while nobody looked. That an item is delayed is computed when it is read; the job notes when it was found
-- and tells, once for each end that passed, in one transaction.

-- Which organizations have such items: found across them.
CREATE INDEX work_items_unmarked_delay_discovery_ix ON plinth_tasks.work_items (end_at)
  WHERE delayed_at IS NULL AND deleted_at IS NULL AND status IN ('todo', 'in_progress') AND end_at IS NOT NULL;

CREATE FUNCTION plinth_tasks.mark_delayed_work_items(p_limit integer)
  RETURNS TABLE (work_item_id uuid, missed_end_at timestamptz)
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  organization uuid := plinth_base.current_organization_id();
BEGIN
  IF NOT plinth_tasks.current_user_manages_board() THEN
    RAISE EXCEPTION 'who does not manage the board does not see what is delayed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY
    WITH late AS (
      SELECT w.id FROM plinth_tasks.work_items w
      WHERE w.organization_id = organization AND w.deleted_at IS NULL AND w.status IN ('todo', 'in_progress')
        AND w.end_at < plinth_base.transaction_time() AND w.delayed_at IS NULL
      ORDER BY w.end_at LIMIT p_limit FOR NO KEY UPDATE SKIP LOCKED),
    marked AS (
      UPDATE plinth_tasks.work_items w SET delayed_at = plinth_base.transaction_time()
      FROM late l WHERE w.organization_id = organization AND w.id = l.id
      RETURNING w.id, w.title, w.end_at, w.assignee_id, w.creator_id),
    told AS (
      SELECT m.id, m.end_at, plinth_base.notify_users(
          ARRAY[coalesce(a.user_id, m.creator_id)], 'work_item.delayed', m.title, '', 'work_item', m.id,
          format('work_item.delayed:%s:%s', m.id, extract(epoch FROM m.end_at))) AS notified
      FROM marked m
      LEFT JOIN plinth_base.organization_members a
        ON a.organization_id = organization AND a.user_id = m.assignee_id AND a.left_at IS NULL)
    SELECT t.id, t.end_at FROM told t WHERE t.notified IS NOT NULL;
END
$$;
COMMENT ON FUNCTION plinth_tasks.mark_delayed_work_items(integer) IS
  'Marks open work items of the transaction''s organization whose end has passed, those first that are late longest, leaves out '
  'what others hold, and tells the assignee, or the creator where none is a member; which were marked';

DO $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_tasks.mark_delayed_work_items(integer) TO %I', plinth_base.role_name('app'));
END
$$;
SELECT plinth_base.give_to_system('plinth_tasks.mark_delayed_work_items(integer)');
