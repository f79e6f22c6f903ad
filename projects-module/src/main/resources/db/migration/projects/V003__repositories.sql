-- The git repositories of an organization. What identifies one is the id that its provider gives it, not its name or its
-- address: both may change, and what was learnt of the repository stays.

CREATE TABLE plinth_projects.repositories (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  provider text NOT NULL,
  external_id text NOT NULL,
  name text NOT NULL,
  url text,
  default_branch text,
  language text,
  analysis_configuration jsonb NOT NULL DEFAULT '{}',
  sync_cursor text,
  metadata jsonb NOT NULL DEFAULT '{}',
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT repositories_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT repositories_external_id_uq UNIQUE (organization_id, provider, external_id),
  CONSTRAINT repositories_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT repositories_provider_ck CHECK (provider IN ('git', 'github', 'gitlab', 'bitbucket')),
  CONSTRAINT repositories_external_id_ck CHECK (btrim(external_id) <> '' AND length(external_id) <= 500),
  CONSTRAINT repositories_name_ck CHECK (btrim(name) <> '' AND length(name) <= 200),
  CONSTRAINT repositories_url_ck CHECK (length(url) <= 2000),
  CONSTRAINT repositories_default_branch_ck CHECK (default_branch <> '' AND length(default_branch) <= 1000),
  CONSTRAINT repositories_language_ck CHECK (btrim(language) <> '' AND length(language) <= 100),
  CONSTRAINT repositories_analysis_configuration_ck CHECK (jsonb_typeof(analysis_configuration) = 'object'),
  CONSTRAINT repositories_sync_cursor_ck CHECK (length(sync_cursor) <= 1000),
  CONSTRAINT repositories_metadata_ck CHECK (jsonb_typeof(metadata) = 'object')
);
COMMENT ON TABLE plinth_projects.repositories IS 'The git repositories of an organization';
COMMENT ON COLUMN plinth_projects.repositories.external_id IS
  'By which the provider knows it, whatever its name; registering a deleted one again brings it back';
COMMENT ON COLUMN plinth_projects.repositories.url IS 'Where it is cloned from; without credentials';
COMMENT ON COLUMN plinth_projects.repositories.default_branch IS 'By name, as last found; the branch need not have a commit yet';
COMMENT ON COLUMN plinth_projects.repositories.language IS 'The programming language that prevails';
COMMENT ON COLUMN plinth_projects.repositories.analysis_configuration IS 'How analyses treat it, an object';
COMMENT ON COLUMN plinth_projects.repositories.sync_cursor IS
  'What the last synchronisation saw: SHA-256 of all branches with their heads and of the default branch; NULL before it';
COMMENT ON COLUMN plinth_projects.repositories.metadata IS 'The host''s own, an object';
COMMENT ON COLUMN plinth_projects.repositories.deleted_at IS 'Since when it is gone for services and views; NULL while it is there';

SELECT plinth_base.protect('plinth_projects.repositories',
  p_app_may => 'INSERT (organization_id, provider, external_id, name, url, default_branch, language, analysis_configuration, '
    'metadata), UPDATE (name, url, default_branch, language, analysis_configuration, sync_cursor, metadata, deleted_at)');
SELECT plinth_base.audit('plinth_projects.repositories');

CREATE TRIGGER repositories_set_updated_at BEFORE UPDATE ON plinth_projects.repositories
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
