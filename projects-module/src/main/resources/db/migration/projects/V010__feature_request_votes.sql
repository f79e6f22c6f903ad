-- Who wants a feature request, and how much that counts: the host gives the weight, of a plan or a revenue for example,
-- and it stays what it was when the vote was given. A member votes for oneself only, once.

CREATE TABLE plinth_projects.feature_request_votes (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  feature_request_id uuid NOT NULL,
  user_id uuid NOT NULL DEFAULT plinth_base.current_user_id(),
  weight numeric(12, 2) NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT feature_request_votes_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT feature_request_votes_user_uq UNIQUE (organization_id, feature_request_id, user_id),
  CONSTRAINT feature_request_votes_feature_request_fk FOREIGN KEY (organization_id, feature_request_id)
    REFERENCES plinth_projects.feature_requests (organization_id, id),
  CONSTRAINT feature_request_votes_user_fk FOREIGN KEY (organization_id, user_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT feature_request_votes_weight_ck CHECK (weight > 0 AND weight < 'NaN')
);
COMMENT ON TABLE plinth_projects.feature_request_votes IS 'Who wants a feature request; a withdrawn vote is no row';
COMMENT ON COLUMN plinth_projects.feature_request_votes.user_id IS
  'Who acted; the application cannot name another. The vote of who left the organization still counts';
COMMENT ON COLUMN plinth_projects.feature_request_votes.weight IS 'As the host said when it was given';

SELECT plinth_base.protect('plinth_projects.feature_request_votes',
  p_writable_if => 'plinth_base.current_user_may_write() AND user_id = plinth_base.current_user_id()',
  p_app_may => 'INSERT (organization_id, feature_request_id, weight), UPDATE (weight), DELETE');

CREATE INDEX feature_request_votes_user_ix ON plinth_projects.feature_request_votes (organization_id, user_id);

CREATE TRIGGER feature_request_votes_set_updated_at BEFORE UPDATE ON plinth_projects.feature_request_votes
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
