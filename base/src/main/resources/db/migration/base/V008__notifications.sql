-- What a user is told. Private to its user, so nobody may insert: under a policy that shows only the own rows, a row for
-- another could not even be returned. notify_user() does it instead, as plinth_system.

CREATE TABLE plinth_base.notifications (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  user_id uuid NOT NULL,
  type text NOT NULL,
  title text NOT NULL,
  message text NOT NULL DEFAULT '',
  subject_type text,
  subject_id uuid,
  dedup_key text,
  read_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT notifications_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT notifications_user_fk FOREIGN KEY (organization_id, user_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT notifications_type_ck CHECK (type ~ '^[a-z][a-z0-9_.-]*$' AND length(type) <= 100),
  CONSTRAINT notifications_title_ck CHECK (btrim(title) <> '' AND length(title) <= 200),
  CONSTRAINT notifications_message_ck CHECK (length(message) <= 5000),
  CONSTRAINT notifications_subject_type_ck CHECK (btrim(subject_type) <> '' AND length(subject_type) <= 100),
  CONSTRAINT notifications_subject_is_whole_ck CHECK ((subject_type IS NULL) = (subject_id IS NULL)),
  CONSTRAINT notifications_dedup_key_ck CHECK (btrim(dedup_key) <> '' AND length(dedup_key) <= 200)
);
COMMENT ON TABLE plinth_base.notifications IS 'What a user is told; seen by that user only';
COMMENT ON COLUMN plinth_base.notifications.type IS 'What kind of news, in the words of the module that tells them';
COMMENT ON COLUMN plinth_base.notifications.subject_type IS 'What it is about, such as project; NULL where nothing';
COMMENT ON COLUMN plinth_base.notifications.subject_id IS 'Which one; no foreign key, because it may be of any module';
COMMENT ON COLUMN plinth_base.notifications.dedup_key IS 'A user is told once for each, as long as the notification is kept';
COMMENT ON COLUMN plinth_base.notifications.read_at IS 'When the user read it; NULL before';

SELECT plinth_base.protect('plinth_base.notifications',
  p_visible_if => 'user_id = plinth_base.current_user_id()',
  p_writable_if => 'user_id = plinth_base.current_user_id()',
  p_app_may => 'UPDATE (read_at)',
  p_system_may => 'SELECT, INSERT, DELETE');

CREATE UNIQUE INDEX notifications_dedup_key_uq ON plinth_base.notifications (organization_id, user_id, dedup_key)
  WHERE dedup_key IS NOT NULL;
-- Unread first, newest first: read backwards.
CREATE INDEX notifications_user_ix ON plinth_base.notifications (organization_id, user_id, (read_at IS NULL), id);
-- For retention, which the system does across organizations.
CREATE INDEX notifications_read_at_discovery_ix ON plinth_base.notifications (read_at) WHERE read_at IS NOT NULL;

CREATE TRIGGER notifications_set_updated_at BEFORE UPDATE ON plinth_base.notifications
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_base.notify_user(
  p_user uuid,
  p_type text,
  p_title text,
  p_message text DEFAULT '',
  p_subject_type text DEFAULT NULL,
  p_subject_id uuid DEFAULT NULL,
  p_dedup_key text DEFAULT NULL)
  RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  organization uuid := plinth_base.current_organization_id();
  stored uuid;
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers notify nobody' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (
    SELECT FROM plinth_base.organization_members m JOIN plinth_base.users u ON u.id = m.user_id
    WHERE m.organization_id = organization AND m.user_id = p_user AND m.left_at IS NULL AND u.is_active)
  THEN
    RAISE EXCEPTION 'user % is no active member of this organization', p_user USING ERRCODE = 'PL006';
  END IF;
  INSERT INTO plinth_base.notifications (
      organization_id, user_id, type, title, message, subject_type, subject_id, dedup_key)
    VALUES (organization, p_user, p_type, p_title, p_message, p_subject_type, p_subject_id, p_dedup_key)
    ON CONFLICT DO NOTHING
    RETURNING id INTO stored;
  RETURN stored;
END
$$;
COMMENT ON FUNCTION plinth_base.notify_user(uuid, text, text, text, text, uuid, text) IS
  'Tells a member of the transaction''s organization something; NULL if it was told already (dedup_key). '
  'PL006 no active member';

CREATE FUNCTION plinth_base.notify_users(
  p_users uuid[],
  p_type text,
  p_title text,
  p_message text DEFAULT '',
  p_subject_type text DEFAULT NULL,
  p_subject_id uuid DEFAULT NULL,
  p_dedup_key text DEFAULT NULL)
  RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  organization uuid := plinth_base.current_organization_id();
  told integer;
BEGIN
  IF NOT plinth_base.current_user_may_write() THEN
    RAISE EXCEPTION 'viewers notify nobody' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO plinth_base.notifications (
      organization_id, user_id, type, title, message, subject_type, subject_id, dedup_key)
    SELECT m.organization_id, m.user_id, p_type, p_title, p_message, p_subject_type, p_subject_id, p_dedup_key
    FROM plinth_base.organization_members m JOIN plinth_base.users u ON u.id = m.user_id
    WHERE m.organization_id = organization AND m.user_id = ANY (p_users) AND m.left_at IS NULL AND u.is_active
    ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS told = ROW_COUNT;
  RETURN told;
END
$$;
COMMENT ON FUNCTION plinth_base.notify_users(uuid[], text, text, text, text, uuid, text) IS
  'As notify_user(), many in one statement: who is no active member is left out, and so is who was told already. '
  'How many were told';

DO $$
DECLARE
  signature text;
BEGIN
  FOREACH signature IN ARRAY ARRAY[
    'plinth_base.notify_user(uuid, text, text, text, text, uuid, text)',
    'plinth_base.notify_users(uuid[], text, text, text, text, uuid, text)']
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', signature, plinth_base.role_name('app'));
    PERFORM plinth_base.give_to_system(signature::regprocedure);
  END LOOP;
END
$$;
