-- The branches of repositories with their head commits. A renamed branch keeps its row, a deleted one keeps it with
-- deleted_at, and one that is made again under the same name is another branch.

CREATE TABLE plinth_projects.repository_branches (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  repository_id uuid NOT NULL,
  name text NOT NULL,
  head_sha text NOT NULL,
  head_author text NOT NULL,
  head_authored_at timestamptz NOT NULL,
  head_message text NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  is_protected boolean NOT NULL DEFAULT false,
  force_pushed_at timestamptz,
  force_pushed_from text,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT repository_branches_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT repository_branches_repository_fk FOREIGN KEY (organization_id, repository_id)
    REFERENCES plinth_projects.repositories (organization_id, id),
  CONSTRAINT repository_branches_name_ck CHECK (name <> '' AND length(name) <= 1000),
  CONSTRAINT repository_branches_head_sha_ck CHECK (head_sha ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
  CONSTRAINT repository_branches_head_author_ck CHECK (length(head_author) <= 200),
  CONSTRAINT repository_branches_head_message_ck CHECK (length(head_message) <= 1000),
  CONSTRAINT repository_branches_force_pushed_from_ck CHECK (force_pushed_from ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
  CONSTRAINT repository_branches_force_push_is_whole_ck CHECK ((force_pushed_at IS NULL) = (force_pushed_from IS NULL))
);
COMMENT ON TABLE plinth_projects.repository_branches IS 'The branches of repositories, with their head commits as last seen';
COMMENT ON COLUMN plinth_projects.repository_branches.name IS 'Without refs/heads/; unique among the branches that are not deleted';
COMMENT ON COLUMN plinth_projects.repository_branches.head_sha IS 'SHA-1 or SHA-256 of the commit, hexadecimal';
COMMENT ON COLUMN plinth_projects.repository_branches.head_author IS 'The name in the commit; cut at 200 characters';
COMMENT ON COLUMN plinth_projects.repository_branches.head_message IS 'The first line of it; cut at 1000 characters';
COMMENT ON COLUMN plinth_projects.repository_branches.is_protected IS 'As the provider says; git itself does not know';
COMMENT ON COLUMN plinth_projects.repository_branches.force_pushed_at IS
  'When a synchronisation last found a head that does not descend from the one before';
COMMENT ON COLUMN plinth_projects.repository_branches.force_pushed_from IS 'The head before that';
COMMENT ON COLUMN plinth_projects.repository_branches.deleted_at IS 'When a synchronisation no longer found it; NULL while it is there';

SELECT plinth_base.protect('plinth_projects.repository_branches',
  p_app_may => 'INSERT (organization_id, repository_id, name, head_sha, head_author, head_authored_at, head_message, is_default, '
    'is_protected), UPDATE (name, head_sha, head_author, head_authored_at, head_message, is_default, is_protected, '
    'force_pushed_at, force_pushed_from, deleted_at)');

CREATE UNIQUE INDEX repository_branches_name_uq ON plinth_projects.repository_branches (organization_id, repository_id, name)
  WHERE deleted_at IS NULL;

CREATE TRIGGER repository_branches_set_updated_at BEFORE UPDATE ON plinth_projects.repository_branches
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
