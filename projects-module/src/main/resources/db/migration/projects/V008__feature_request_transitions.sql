-- What became of feature requests, and who decided it. Append-only, and written by a trigger of plinth_system: also for
-- who writes by hand, and by nobody else. Time in a status is measured here and not by updated_at, which any edit moves.

CREATE TABLE plinth_projects.feature_request_transitions (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  feature_request_id uuid NOT NULL,
  field text NOT NULL,
  from_value text,
  to_value text,
  author_id uuid DEFAULT plinth_base.current_user_id(),
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  CONSTRAINT feature_request_transitions_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT feature_request_transitions_feature_request_fk FOREIGN KEY (organization_id, feature_request_id)
    REFERENCES plinth_projects.feature_requests (organization_id, id),
  CONSTRAINT feature_request_transitions_author_fk FOREIGN KEY (organization_id, author_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT feature_request_transitions_field_ck CHECK (field IN
    ('status', 'priority', 'assignee', 'deadline', 'complexity', 'parent')),
  CONSTRAINT feature_request_transitions_is_a_change_ck CHECK (from_value IS DISTINCT FROM to_value)
);
COMMENT ON TABLE plinth_projects.feature_request_transitions IS 'What became of feature requests; append-only';
COMMENT ON COLUMN plinth_projects.feature_request_transitions.from_value IS
  'As text; NULL where there was none, as before the first status';
COMMENT ON COLUMN plinth_projects.feature_request_transitions.author_id IS 'Who acted; none where a service did';

SELECT plinth_base.protect('plinth_projects.feature_request_transitions',
  p_app_may => '', p_system_may => 'SELECT, INSERT');

CREATE INDEX feature_request_transitions_feature_request_ix
  ON plinth_projects.feature_request_transitions (organization_id, feature_request_id, id);

CREATE FUNCTION plinth_projects.record_feature_request() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  was plinth_projects.feature_requests := OLD;
BEGIN
  INSERT INTO plinth_projects.feature_request_transitions (
      organization_id, feature_request_id, field, from_value, to_value)
    SELECT NEW.organization_id, NEW.id, c.field, c.from_value, c.to_value
    FROM (VALUES
      ('status', was.status, NEW.status),
      ('priority', was.priority::text, NEW.priority::text),
      ('assignee', was.assignee_id::text, NEW.assignee_id::text),
      ('deadline', was.deadline::text, NEW.deadline::text),
      ('complexity', was.complexity::text, NEW.complexity::text),
      ('parent', was.parent_id::text, NEW.parent_id::text)) AS c (field, from_value, to_value)
    WHERE c.from_value IS DISTINCT FROM c.to_value;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_projects.record_feature_request() IS 'Writes the transitions of a feature request';

CREATE TRIGGER feature_requests_record
  AFTER INSERT OR UPDATE OF status, priority, assignee_id, deadline, complexity, parent_id
  ON plinth_projects.feature_requests
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.record_feature_request();
SELECT plinth_base.give_to_system('plinth_projects.record_feature_request()');

CREATE VIEW plinth_projects.feature_request_status_periods WITH (security_invoker = true) AS
  SELECT t.organization_id,
         t.id,
         t.feature_request_id,
         t.to_value AS status,
         t.author_id,
         t.created_at AS entered_at,
         lead(t.created_at) OVER (PARTITION BY t.organization_id, t.feature_request_id ORDER BY t.id) AS left_at
  FROM plinth_projects.feature_request_transitions t
  WHERE t.field = 'status';
COMMENT ON VIEW plinth_projects.feature_request_status_periods IS 'How long feature requests were in each status';
COMMENT ON COLUMN plinth_projects.feature_request_status_periods.author_id IS 'Who brought it into the status';
COMMENT ON COLUMN plinth_projects.feature_request_status_periods.left_at IS 'NULL for the present one';

DO $$
BEGIN
  EXECUTE format('GRANT SELECT ON plinth_projects.feature_request_status_periods TO %I, %I',
                 plinth_base.role_name('app'), plinth_base.role_name('reader'));
END
$$;
