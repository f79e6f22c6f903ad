-- Which repositories a project works with: many to many, because a library serves several projects.

CREATE TABLE plinth_projects.project_repositories (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  project_id uuid NOT NULL,
  repository_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT project_repositories_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT project_repositories_repository_uq UNIQUE (organization_id, project_id, repository_id),
  CONSTRAINT project_repositories_project_fk FOREIGN KEY (organization_id, project_id)
    REFERENCES plinth_projects.projects (organization_id, id),
  CONSTRAINT project_repositories_repository_fk FOREIGN KEY (organization_id, repository_id)
    REFERENCES plinth_projects.repositories (organization_id, id),
  CONSTRAINT project_repositories_role_ck CHECK (role IN ('primary', 'dependency', 'documentation'))
);
COMMENT ON TABLE plinth_projects.project_repositories IS 'Which repositories a project works with';
COMMENT ON COLUMN plinth_projects.project_repositories.role IS 'What the repository is to the project';

SELECT plinth_base.protect('plinth_projects.project_repositories',
  p_app_may => 'INSERT (organization_id, project_id, repository_id, role), UPDATE (role), DELETE');

CREATE INDEX project_repositories_repository_ix ON plinth_projects.project_repositories (organization_id, repository_id);

CREATE TRIGGER project_repositories_set_updated_at BEFORE UPDATE ON plinth_projects.project_repositories
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
