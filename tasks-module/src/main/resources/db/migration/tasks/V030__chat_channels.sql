-- Channels: what the whole organization may read. Who made one, or administers the organization, names and archives it.
-- A channel counts its messages: who posts holds its row until the transaction ends, so that numbers become visible in
-- their order, and a reader who has seen 7 never gets another 6.

CREATE TABLE plinth_tasks.chat_channels (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  name plinth_base.slug NOT NULL,
  topic text NOT NULL DEFAULT '',
  created_by uuid DEFAULT plinth_base.current_user_id(),
  archived_at timestamptz,
  last_sequence bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT chat_channels_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT chat_channels_name_uq UNIQUE (organization_id, name),
  CONSTRAINT chat_channels_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id),
  CONSTRAINT chat_channels_created_by_fk FOREIGN KEY (organization_id, created_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT chat_channels_topic_ck CHECK (length(topic) <= 1000),
  CONSTRAINT chat_channels_times_are_finite_ck CHECK (plinth_tasks.are_finite(archived_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.chat_channels IS 'Where an organization talks; every member may read';
COMMENT ON COLUMN plinth_tasks.chat_channels.name IS 'Also of an archived one, so that old messages keep their place';
COMMENT ON COLUMN plinth_tasks.chat_channels.created_by IS 'Who acted; none where a service did';
COMMENT ON COLUMN plinth_tasks.chat_channels.archived_at IS 'Since when nothing is posted any more; NULL while it is open';
COMMENT ON COLUMN plinth_tasks.chat_channels.last_sequence IS 'The number of the newest message; 0 before the first';

SELECT plinth_base.protect('plinth_tasks.chat_channels',
  p_app_may => 'INSERT (organization_id, name, topic), UPDATE (name, topic, archived_at, last_sequence)');

-- Not when a message is counted: that is no change which an editor has to know of.
CREATE TRIGGER chat_channels_set_updated_at BEFORE UPDATE OF name, topic, archived_at ON plinth_tasks.chat_channels
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_tasks.guard_chat_channel() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF coalesce(plinth_base.current_user_role(), 'system') <> 'system'
    AND NOT plinth_base.current_user_administers()
    AND OLD.created_by IS DISTINCT FROM plinth_base.current_user_id()
  THEN
    RAISE EXCEPTION 'a channel is changed by who made it or administers the organization' USING ERRCODE = 'PL004';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_chat_channel() IS 'Who may name, describe and archive a channel';

CREATE TRIGGER chat_channels_guard BEFORE UPDATE OF name, topic, archived_at ON plinth_tasks.chat_channels
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_chat_channel();

CREATE FUNCTION plinth_tasks.guard_chat_sequence() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF NEW.last_sequence <> OLD.last_sequence + 1 THEN
    RAISE EXCEPTION 'messages are counted one by one' USING ERRCODE = 'PL004';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_chat_sequence() IS 'No number is given twice, whoever writes';

CREATE TRIGGER chat_channels_guard_sequence BEFORE UPDATE OF last_sequence ON plinth_tasks.chat_channels
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_chat_sequence();

CREATE TABLE plinth_tasks.chat_channel_members (
  organization_id uuid NOT NULL,
  channel_id uuid NOT NULL,
  user_id uuid NOT NULL DEFAULT plinth_base.current_user_id(),
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  CONSTRAINT chat_channel_members_user_pk PRIMARY KEY (organization_id, channel_id, user_id),
  CONSTRAINT chat_channel_members_channel_fk FOREIGN KEY (organization_id, channel_id)
    REFERENCES plinth_tasks.chat_channels (organization_id, id),
  CONSTRAINT chat_channel_members_user_fk FOREIGN KEY (organization_id, user_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT chat_channel_members_times_are_finite_ck CHECK (plinth_tasks.are_finite(created_at))
);
COMMENT ON TABLE plinth_tasks.chat_channel_members IS
  'Who follows a channel and wants its unread messages counted; reading and posting need no row here';
COMMENT ON COLUMN plinth_tasks.chat_channel_members.user_id IS 'Who acted; the application cannot name another';

-- Viewers follow channels too: whom it is about decides, and it changes nothing of others'.
SELECT plinth_base.protect('plinth_tasks.chat_channel_members',
  p_writable_if => 'user_id = plinth_base.current_user_id()',
  p_app_may => 'INSERT (organization_id, channel_id), DELETE');
