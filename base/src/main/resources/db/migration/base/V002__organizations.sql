-- The tenants. A global table (its key is its id): the application sees the organization of the transaction and no
-- other; making one and changing its status is the system's work.

CREATE TABLE plinth_base.organizations (
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  slug plinth_base.slug NOT NULL,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT organizations_id_pk PRIMARY KEY (id),
  CONSTRAINT organizations_slug_uq UNIQUE (slug),
  CONSTRAINT organizations_name_ck CHECK (btrim(name) <> '' AND length(name) <= 200),
  CONSTRAINT organizations_status_ck CHECK (status IN ('active', 'suspended', 'archived')),
  CONSTRAINT organizations_settings_ck CHECK (jsonb_typeof(settings) = 'object')
);
COMMENT ON TABLE plinth_base.organizations IS 'The tenants';
COMMENT ON COLUMN plinth_base.organizations.slug IS 'Unique on this database; for addresses';
COMMENT ON COLUMN plinth_base.organizations.status IS 'Only an active organization can be worked in';
COMMENT ON COLUMN plinth_base.organizations.settings IS 'The host''s own, an object';

SELECT plinth_base.protect('plinth_base.organizations',
  p_tenant => 'id = plinth_base.current_organization_id()',
  p_writable_if => 'plinth_base.current_user_administers()',
  p_app_may => 'UPDATE (name, settings)',
  p_system_may => 'SELECT, INSERT, UPDATE');

CREATE TRIGGER organizations_set_updated_at BEFORE UPDATE ON plinth_base.organizations
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
