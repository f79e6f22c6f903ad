-- Who belongs to an organization, in which role, and what fellow members see of them. Every user column of every tenant
-- table references (organization_id, user_id) here, so no row can name a stranger; that is why members are removed
-- softly (left_at) and never deleted.

CREATE TABLE plinth_base.organization_members (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  user_id uuid NOT NULL,
  role text NOT NULL,
  display_name text NOT NULL,
  avatar_url text,
  left_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT organization_members_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT organization_members_user_uq UNIQUE (organization_id, user_id),
  CONSTRAINT organization_members_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT organization_members_user_fk FOREIGN KEY (user_id) REFERENCES plinth_base.users (id),
  CONSTRAINT organization_members_role_ck CHECK (role IN
    ('owner', 'admin', 'project_manager', 'developer', 'designer', 'tester', 'viewer', 'service')),
  CONSTRAINT organization_members_display_name_ck CHECK (btrim(display_name) <> '' AND length(display_name) <= 100),
  CONSTRAINT organization_members_avatar_url_ck CHECK (length(avatar_url) <= 2000)
);
COMMENT ON TABLE plinth_base.organization_members IS 'Who belongs to an organization, and as what';
COMMENT ON COLUMN plinth_base.organization_members.display_name IS 'What fellow members see; the user''s own record they do not';
COMMENT ON COLUMN plinth_base.organization_members.left_at IS 'Since when the user is no member any more; NULL while one';

-- For "which organizations is this user in", asked by the system before a tenant is known.
CREATE INDEX organization_members_user_discovery_ix ON plinth_base.organization_members (user_id);

SELECT plinth_base.protect('plinth_base.organization_members',
  p_writable_if => 'plinth_base.current_user_administers() OR user_id = plinth_base.current_user_id()',
  p_app_may => 'INSERT, UPDATE (role, display_name, avatar_url, left_at)',
  p_system_may => 'SELECT, INSERT, UPDATE');

CREATE TRIGGER organization_members_set_updated_at BEFORE UPDATE ON plinth_base.organization_members
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_base.guard_membership() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  acting text := plinth_base.current_user_role();
  was_owner boolean := TG_OP = 'UPDATE' AND OLD.role = 'owner' AND OLD.left_at IS NULL;
  is_owner boolean := NEW.role = 'owner' AND NEW.left_at IS NULL;
  role_changes boolean := TG_OP = 'INSERT' OR OLD.role <> NEW.role OR (OLD.left_at IS NOT NULL AND NEW.left_at IS NULL);
BEGIN
  IF acting IS NOT NULL AND acting <> 'system' THEN
    IF role_changes AND NOT plinth_base.current_user_administers() THEN
      RAISE EXCEPTION 'only owners and admins may add members or change roles' USING ERRCODE = 'PL004';
    END IF;
    IF was_owner <> is_owner AND acting <> 'owner' THEN
      RAISE EXCEPTION 'only an owner may give or take ownership' USING ERRCODE = 'PL004';
    END IF;
  END IF;
  IF was_owner AND NOT is_owner THEN
    -- The organization's row is the lock: two owners that leave at once cannot both be told that the other stays.
    PERFORM FROM plinth_base.organizations o WHERE o.id = NEW.organization_id FOR UPDATE;
    -- Where the snapshot is older than the lock, the rows themselves have to say that they changed.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM FROM plinth_base.organization_members m
        WHERE m.organization_id = NEW.organization_id AND m.user_id <> NEW.user_id
          AND m.role = 'owner' AND m.left_at IS NULL
        FOR NO KEY UPDATE;
    END IF;
    IF NOT EXISTS (
      SELECT FROM plinth_base.organization_members m
      WHERE m.organization_id = NEW.organization_id AND m.user_id <> NEW.user_id
        AND m.role = 'owner' AND m.left_at IS NULL)
    THEN
      RAISE EXCEPTION 'an organization keeps at least one owner' USING ERRCODE = 'PL005';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_base.guard_membership() IS
  'Nobody raises themselves, only owners make owners, and the last owner stays';

CREATE TRIGGER organization_members_guard BEFORE INSERT OR UPDATE ON plinth_base.organization_members
  FOR EACH ROW EXECUTE FUNCTION plinth_base.guard_membership();
