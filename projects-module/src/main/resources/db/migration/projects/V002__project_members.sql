-- Who works on a project, and as what. A row goes when its member is removed: there is nothing in it to keep.

CREATE TABLE plinth_projects.project_members (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  project_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT project_members_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT project_members_user_uq UNIQUE (organization_id, project_id, user_id),
  CONSTRAINT project_members_project_fk FOREIGN KEY (organization_id, project_id)
    REFERENCES plinth_projects.projects (organization_id, id),
  CONSTRAINT project_members_user_fk FOREIGN KEY (organization_id, user_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT project_members_role_ck CHECK (role IN ('lead', 'contributor', 'viewer'))
);
COMMENT ON TABLE plinth_projects.project_members IS 'Who works on a project, and as what';
COMMENT ON COLUMN plinth_projects.project_members.user_id IS
  'A member of the organization; who left it is counted and listed no more, and is back with the membership';
COMMENT ON COLUMN plinth_projects.project_members.role IS
  'What the member is to the project; what the member may write follows from the role in the organization';

SELECT plinth_base.protect('plinth_projects.project_members',
  p_app_may => 'INSERT (organization_id, project_id, user_id, role), UPDATE (role), DELETE');
SELECT plinth_base.audit('plinth_projects.project_members');

CREATE INDEX project_members_user_ix ON plinth_projects.project_members (organization_id, user_id);

CREATE TRIGGER project_members_set_updated_at BEFORE UPDATE ON plinth_projects.project_members
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
