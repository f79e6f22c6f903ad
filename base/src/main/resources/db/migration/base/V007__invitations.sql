-- How somebody becomes a member who is none yet: a token is sent to an address, and whoever brings it is let in. What is
-- stored of the token is its hash; it begins with the organization, so that it is found in one tenant and by one shard.

CREATE TABLE plinth_base.invitations (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  email plinth_base.email NOT NULL,
  role text NOT NULL,
  token_hash bytea NOT NULL,
  invited_by uuid NOT NULL DEFAULT plinth_base.current_user_id(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT invitations_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT invitations_token_hash_uq UNIQUE (organization_id, token_hash),
  CONSTRAINT invitations_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT invitations_invited_by_fk FOREIGN KEY (organization_id, invited_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT invitations_accepted_by_fk FOREIGN KEY (organization_id, accepted_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT invitations_role_ck CHECK (role IN
    ('owner', 'admin', 'project_manager', 'developer', 'designer', 'tester', 'viewer', 'service')),
  CONSTRAINT invitations_token_hash_is_sha256_ck CHECK (length(token_hash) = 32),
  CONSTRAINT invitations_expires_after_creation_ck CHECK (expires_at > created_at),
  CONSTRAINT invitations_accepted_by_somebody_ck CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
  CONSTRAINT invitations_accepted_or_revoked_ck CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
COMMENT ON TABLE plinth_base.invitations IS 'Who was asked to become a member; seen by who administers the organization';
COMMENT ON COLUMN plinth_base.invitations.email IS 'Where the token was sent; who accepts may sign in with another address';
COMMENT ON COLUMN plinth_base.invitations.role IS 'What the new member will be, if the inviter may still give that';
COMMENT ON COLUMN plinth_base.invitations.token_hash IS 'SHA-256 of the token, which is stored nowhere';
COMMENT ON COLUMN plinth_base.invitations.invited_by IS 'Who acted; the application cannot name another';
COMMENT ON COLUMN plinth_base.invitations.revoked_at IS
  'Since when it counts no more; also of an expired one in whose place a new one was made';

-- Invitations.mayGive says the same in Java.
CREATE FUNCTION plinth_base.current_user_may_give(p_role text) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN
    CASE p_role
      WHEN 'owner' THEN plinth_base.current_user_role() = 'owner'
      WHEN 'admin' THEN plinth_base.current_user_role() IN ('owner', 'admin')
      WHEN 'service' THEN plinth_base.current_user_role() IN ('owner', 'admin')
      ELSE plinth_base.current_user_administers() END;
COMMENT ON FUNCTION plinth_base.current_user_may_give(text) IS
  'Whether the user may make or take back an invitation to a role: to none above the own';

SELECT plinth_base.protect('plinth_base.invitations',
  p_visible_if => 'plinth_base.current_user_administers()',
  p_writable_if => 'plinth_base.current_user_may_give(role)',
  p_app_may => 'INSERT (organization_id, email, role, token_hash, expires_at), UPDATE (revoked_at)',
  p_system_may => 'SELECT, UPDATE, DELETE');

CREATE UNIQUE INDEX invitations_open_email_uq ON plinth_base.invitations (organization_id, email)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;
-- For retention, which the system does across organizations.
CREATE INDEX invitations_closed_at_discovery_ix
  ON plinth_base.invitations ((coalesce(accepted_at, revoked_at, expires_at)));

CREATE TRIGGER invitations_set_updated_at BEFORE UPDATE ON plinth_base.invitations
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_base.guard_invitation() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at THEN
    RAISE EXCEPTION 'an invitation that was revoked stays so' USING ERRCODE = 'PL010';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_base.guard_invitation() IS 'A token that was taken back never lets in again, whoever writes';

CREATE TRIGGER invitations_guard BEFORE UPDATE ON plinth_base.invitations
  FOR EACH ROW EXECUTE FUNCTION plinth_base.guard_invitation();
