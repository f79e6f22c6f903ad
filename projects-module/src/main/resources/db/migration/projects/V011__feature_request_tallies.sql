-- How many votes and comments each feature request has, so that a list is sorted by votes with an index and counts
-- nothing. Beside the request and not in it: a vote would change its version under who edits it, and move its entries in
-- every index.

CREATE TABLE plinth_projects.feature_request_tallies (
  organization_id uuid NOT NULL,
  feature_request_id uuid NOT NULL,
  vote_count integer NOT NULL DEFAULT 0,
  vote_weight numeric(16, 2) NOT NULL DEFAULT 0,
  comment_count integer NOT NULL DEFAULT 0,
  CONSTRAINT feature_request_tallies_feature_request_pk PRIMARY KEY (organization_id, feature_request_id),
  CONSTRAINT feature_request_tallies_feature_request_fk FOREIGN KEY (organization_id, feature_request_id)
    REFERENCES plinth_projects.feature_requests (organization_id, id)
);
COMMENT ON TABLE plinth_projects.feature_request_tallies IS 'What is counted of each feature request; kept by triggers';
COMMENT ON COLUMN plinth_projects.feature_request_tallies.comment_count IS 'Without deleted ones';

SELECT plinth_base.protect('plinth_projects.feature_request_tallies',
  p_app_may => '', p_system_may => 'SELECT, INSERT, UPDATE');

CREATE INDEX feature_request_tallies_vote_weight_ix
  ON plinth_projects.feature_request_tallies (organization_id, vote_weight, feature_request_id);

CREATE FUNCTION plinth_projects.open_feature_request_tally() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  INSERT INTO plinth_projects.feature_request_tallies (organization_id, feature_request_id)
    VALUES (NEW.organization_id, NEW.id);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_projects.open_feature_request_tally() IS 'Every feature request has a tally';

CREATE FUNCTION plinth_projects.tally_feature_request_vote() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  row plinth_projects.feature_request_votes := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  UPDATE plinth_projects.feature_request_tallies t
    SET vote_count = t.vote_count + (TG_OP <> 'DELETE')::integer - (TG_OP <> 'INSERT')::integer,
        vote_weight = t.vote_weight + coalesce(NEW.weight, 0) - coalesce(OLD.weight, 0)
    WHERE t.organization_id = row.organization_id AND t.feature_request_id = row.feature_request_id;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_projects.tally_feature_request_vote() IS 'Counts votes as they come, change and go';

CREATE FUNCTION plinth_projects.tally_feature_request_comment() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  was_there boolean := TG_OP = 'UPDATE' AND OLD.deleted_at IS NULL;
BEGIN
  UPDATE plinth_projects.feature_request_tallies t
    SET comment_count = t.comment_count + (NEW.deleted_at IS NULL)::integer - was_there::integer
    WHERE t.organization_id = NEW.organization_id AND t.feature_request_id = NEW.feature_request_id;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_projects.tally_feature_request_comment() IS 'Counts comments as they come and go';

CREATE TRIGGER feature_requests_open_tally AFTER INSERT ON plinth_projects.feature_requests
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.open_feature_request_tally();
CREATE TRIGGER feature_request_votes_tally AFTER INSERT OR UPDATE OR DELETE ON plinth_projects.feature_request_votes
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.tally_feature_request_vote();
CREATE TRIGGER feature_request_comments_tally AFTER INSERT OR UPDATE OF deleted_at
  ON plinth_projects.feature_request_comments
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.tally_feature_request_comment();

SELECT plinth_base.give_to_system('plinth_projects.open_feature_request_tally()');
SELECT plinth_base.give_to_system('plinth_projects.tally_feature_request_vote()');
SELECT plinth_base.give_to_system('plinth_projects.tally_feature_request_comment()');
