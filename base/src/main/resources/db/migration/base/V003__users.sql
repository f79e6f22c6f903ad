-- The people (and machines) that sign in. Global, because one person may belong to many organizations; the application
-- sees oneself only. What fellow members see of a person stands in organization_members.

CREATE TABLE plinth_base.users (
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  email plinth_base.email,
  username text NOT NULL,
  github_id text,
  avatar_url text,
  is_active boolean NOT NULL DEFAULT true,
  preferences jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT users_id_pk PRIMARY KEY (id),
  CONSTRAINT users_email_uq UNIQUE (email),
  CONSTRAINT users_github_id_uq UNIQUE (github_id),
  CONSTRAINT users_username_ck CHECK (btrim(username) <> '' AND length(username) <= 100),
  CONSTRAINT users_github_id_ck CHECK (btrim(github_id) <> '' AND length(github_id) <= 50),
  CONSTRAINT users_avatar_url_ck CHECK (length(avatar_url) <= 2000),
  CONSTRAINT users_preferences_ck CHECK (jsonb_typeof(preferences) = 'object')
);
COMMENT ON TABLE plinth_base.users IS 'Who can sign in, once for all organizations';
COMMENT ON COLUMN plinth_base.users.email IS 'Unique where present';
COMMENT ON COLUMN plinth_base.users.username IS 'What the person is called; not unique';
COMMENT ON COLUMN plinth_base.users.github_id IS 'The number by which GitHub knows the account, whatever its name';
COMMENT ON COLUMN plinth_base.users.is_active IS 'An inactive user can enter no organization';
COMMENT ON COLUMN plinth_base.users.preferences IS 'The host''s own, an object';

SELECT plinth_base.protect('plinth_base.users',
  p_tenant => 'id = plinth_base.current_user_id()',
  p_app_may => '',
  p_system_may => 'SELECT, INSERT, UPDATE');

CREATE TRIGGER users_set_updated_at BEFORE UPDATE ON plinth_base.users
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();
