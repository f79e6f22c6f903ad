-- What members say to a feature request. An author edits the own comment; the author, or who administers the
-- organization, deletes it, softly.

CREATE TABLE plinth_projects.feature_request_comments (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  feature_request_id uuid NOT NULL,
  author_id uuid DEFAULT plinth_base.current_user_id(),
  body text NOT NULL,
  edited_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT feature_request_comments_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT feature_request_comments_feature_request_fk FOREIGN KEY (organization_id, feature_request_id)
    REFERENCES plinth_projects.feature_requests (organization_id, id),
  CONSTRAINT feature_request_comments_author_fk FOREIGN KEY (organization_id, author_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT feature_request_comments_body_ck CHECK (btrim(body) <> '' AND length(body) <= 20000)
);
COMMENT ON TABLE plinth_projects.feature_request_comments IS 'What members say to a feature request';
COMMENT ON COLUMN plinth_projects.feature_request_comments.author_id IS
  'Who acted; the application cannot name another. None where a service said it';
COMMENT ON COLUMN plinth_projects.feature_request_comments.edited_at IS 'When the author last changed it; set by the trigger';
COMMENT ON COLUMN plinth_projects.feature_request_comments.deleted_at IS 'Since when it is gone for services';

SELECT plinth_base.protect('plinth_projects.feature_request_comments',
  p_writable_if => 'plinth_base.current_user_may_write() AND '
    '(author_id = plinth_base.current_user_id() OR plinth_base.current_user_administers())',
  p_app_may => 'INSERT (organization_id, feature_request_id, body), UPDATE (body, deleted_at)');

CREATE INDEX feature_request_comments_feature_request_ix
  ON plinth_projects.feature_request_comments (organization_id, feature_request_id, id) WHERE deleted_at IS NULL;

CREATE TRIGGER feature_request_comments_set_updated_at BEFORE UPDATE ON plinth_projects.feature_request_comments
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_projects.guard_feature_request_comment() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF OLD.deleted_at IS NOT NULL THEN
    RAISE EXCEPTION 'a comment that was deleted stays as it is' USING ERRCODE = 'PL010';
  END IF;
  IF NEW.body <> OLD.body THEN
    IF OLD.author_id IS DISTINCT FROM plinth_base.current_user_id() THEN
      RAISE EXCEPTION 'a comment is edited by its author' USING ERRCODE = 'PL004';
    END IF;
    NEW.edited_at := plinth_base.transaction_time();
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_projects.guard_feature_request_comment() IS
  'Who may delete a comment does not put words into its author''s mouth, and what was deleted does not come back';

CREATE TRIGGER feature_request_comments_guard BEFORE UPDATE ON plinth_projects.feature_request_comments
  FOR EACH ROW EXECUTE FUNCTION plinth_projects.guard_feature_request_comment();
