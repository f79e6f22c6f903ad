-- Teams inside an organization. A member's role in a workspace is its own, whatever the role in the organization; who
-- administers the organization manages every workspace, and a lead manages the own one. Policies hold no subquery, so
-- triggers say so to whoever writes by hand.

CREATE TABLE plinth_base.workspaces (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  slug plinth_base.slug NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  metadata jsonb NOT NULL DEFAULT '{}',
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT workspaces_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT workspaces_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT workspaces_name_ck CHECK (btrim(name) <> '' AND length(name) <= 200),
  CONSTRAINT workspaces_description_ck CHECK (length(description) <= 20000),
  CONSTRAINT workspaces_metadata_ck CHECK (jsonb_typeof(metadata) = 'object')
);
COMMENT ON TABLE plinth_base.workspaces IS 'Teams inside an organization';
COMMENT ON COLUMN plinth_base.workspaces.slug IS 'For addresses; unique among the workspaces that are not deleted';
COMMENT ON COLUMN plinth_base.workspaces.metadata IS 'The host''s own, an object';
COMMENT ON COLUMN plinth_base.workspaces.deleted_at IS 'Since when it is gone for services; NULL while it is there';

SELECT plinth_base.protect('plinth_base.workspaces',
  p_app_may => 'INSERT, UPDATE (slug, name, description, metadata, deleted_at)');

CREATE UNIQUE INDEX workspaces_slug_uq ON plinth_base.workspaces (organization_id, slug) WHERE deleted_at IS NULL;

CREATE TRIGGER workspaces_set_updated_at BEFORE UPDATE ON plinth_base.workspaces
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE TABLE plinth_base.workspace_members (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  workspace_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT workspace_members_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT workspace_members_user_uq UNIQUE (organization_id, workspace_id, user_id),
  CONSTRAINT workspace_members_workspace_fk FOREIGN KEY (organization_id, workspace_id)
    REFERENCES plinth_base.workspaces (organization_id, id),
  CONSTRAINT workspace_members_user_fk FOREIGN KEY (organization_id, user_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT workspace_members_role_ck CHECK (role IN ('lead', 'member', 'viewer'))
);
COMMENT ON TABLE plinth_base.workspace_members IS 'Who belongs to a workspace, and as what';
COMMENT ON COLUMN plinth_base.workspace_members.user_id IS
  'A member of the organization; who left it is listed no more, and is back with the membership';
COMMENT ON COLUMN plinth_base.workspace_members.role IS
  'What the member is to the workspace; a lead manages it, unless only a viewer in the organization';

SELECT plinth_base.protect('plinth_base.workspace_members', p_app_may => 'INSERT, UPDATE (role), DELETE');

CREATE INDEX workspace_members_user_ix ON plinth_base.workspace_members (organization_id, user_id);

CREATE TRIGGER workspace_members_set_updated_at BEFORE UPDATE ON plinth_base.workspace_members
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_base.current_user_manages_workspace(p_organization uuid, p_workspace uuid) RETURNS boolean
  LANGUAGE sql STABLE
  RETURN coalesce(plinth_base.current_user_role(), 'system') = 'system'
      OR plinth_base.current_user_administers()
      OR EXISTS (
        SELECT FROM plinth_base.workspace_members m
        WHERE m.organization_id = p_organization AND m.workspace_id = p_workspace
          AND m.user_id = plinth_base.current_user_id() AND m.role = 'lead');
COMMENT ON FUNCTION plinth_base.current_user_manages_workspace(uuid, uuid) IS
  'True for who administers the organization, for leads of the workspace, and outside a tenant''s transaction';

CREATE FUNCTION plinth_base.guard_workspace() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF NOT plinth_base.current_user_manages_workspace(NEW.organization_id, NEW.id) THEN
    RAISE EXCEPTION 'only owners, admins and its leads manage a workspace' USING ERRCODE = 'PL004';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_base.guard_workspace() IS
  'Who administers the organization makes workspaces; they and its leads change one';

CREATE TRIGGER workspaces_guard BEFORE INSERT OR UPDATE ON plinth_base.workspaces
  FOR EACH ROW EXECUTE FUNCTION plinth_base.guard_workspace();

CREATE FUNCTION plinth_base.guard_workspace_membership() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  touched plinth_base.workspace_members := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  leaves boolean := TG_OP = 'DELETE' AND touched.user_id = plinth_base.current_user_id();
BEGIN
  IF leaves IS NOT TRUE
    AND NOT plinth_base.current_user_manages_workspace(touched.organization_id, touched.workspace_id)
  THEN
    RAISE EXCEPTION 'only owners, admins and its leads manage the members of a workspace' USING ERRCODE = 'PL004';
  END IF;
  RETURN touched;
END
$$;
COMMENT ON FUNCTION plinth_base.guard_workspace_membership() IS
  'Nobody makes themselves a lead; who wants to leave a workspace may';

CREATE TRIGGER workspace_members_guard BEFORE INSERT OR UPDATE OR DELETE ON plinth_base.workspace_members
  FOR EACH ROW EXECUTE FUNCTION plinth_base.guard_workspace_membership();
