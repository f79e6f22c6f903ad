-- Messages of channels and of private conversations. The participants of a conversation stand on each of its messages,
-- so that the policy needs no subquery; a trigger copies them from the conversation, which only a participant finds, and a
-- foreign key holds them to it. Nothing that the application may name tells it whether a conversation of others is there:
-- the number, the participants and the id are not its to say.

CREATE TABLE plinth_tasks.chat_messages (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  channel_id uuid,
  conversation_id uuid,
  room_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(channel_id, conversation_id)) STORED,
  participant_ids uuid[],
  sequence bigint NOT NULL,
  type text NOT NULL DEFAULT 'text',
  author_id uuid DEFAULT plinth_base.current_user_id(),
  body text NOT NULL DEFAULT '',
  file_name text,
  file_url text,
  mention_ids uuid[] NOT NULL DEFAULT '{}',
  reply_to_sequence bigint,
  edited_at timestamptz,
  deleted_at timestamptz,
  deleted_by uuid,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT chat_messages_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT chat_messages_sequence_uq UNIQUE (organization_id, room_id, sequence),
  CONSTRAINT chat_messages_channel_fk FOREIGN KEY (organization_id, channel_id)
    REFERENCES plinth_tasks.chat_channels (organization_id, id),
  CONSTRAINT chat_messages_conversation_fk FOREIGN KEY (organization_id, conversation_id, participant_ids)
    REFERENCES plinth_tasks.chat_conversations (organization_id, id, participant_ids),
  CONSTRAINT chat_messages_reply_to_fk FOREIGN KEY (organization_id, room_id, reply_to_sequence)
    REFERENCES plinth_tasks.chat_messages (organization_id, room_id, sequence),
  CONSTRAINT chat_messages_author_fk FOREIGN KEY (organization_id, author_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT chat_messages_deleted_by_fk FOREIGN KEY (organization_id, deleted_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT chat_messages_one_room_ck CHECK (num_nonnulls(channel_id, conversation_id) = 1),
  CONSTRAINT chat_messages_participants_ck CHECK ((conversation_id IS NULL) = (participant_ids IS NULL)),
  CONSTRAINT chat_messages_type_ck CHECK (type IN ('text', 'system', 'file')),
  CONSTRAINT chat_messages_author_ck CHECK ((type = 'system') = (author_id IS NULL)),
  CONSTRAINT chat_messages_body_ck CHECK (
    length(body) <= 10000 AND (btrim(body) <> '' OR type = 'file' OR deleted_at IS NOT NULL)),
  CONSTRAINT chat_messages_file_ck CHECK ((type = 'file' AND deleted_at IS NULL) = (file_url IS NOT NULL)),
  CONSTRAINT chat_messages_file_is_whole_ck CHECK ((file_name IS NULL) = (file_url IS NULL)),
  CONSTRAINT chat_messages_file_name_ck CHECK (btrim(file_name) <> '' AND length(file_name) <= 255),
  CONSTRAINT chat_messages_file_url_ck CHECK (btrim(file_url) <> '' AND length(file_url) <= 2000),
  CONSTRAINT chat_messages_mentions_ck CHECK (
    cardinality(mention_ids) <= 100 AND array_position(mention_ids, NULL) IS NULL),
  CONSTRAINT chat_messages_mentions_see_it_ck CHECK (participant_ids IS NULL OR mention_ids <@ participant_ids),
  CONSTRAINT chat_messages_reply_is_later_ck CHECK (reply_to_sequence < sequence),
  CONSTRAINT chat_messages_times_are_finite_ck CHECK (plinth_tasks.are_finite(edited_at, deleted_at, created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.chat_messages IS
  'What was said; in channels to the organization, in conversations to their participants';
COMMENT ON COLUMN plinth_tasks.chat_messages.room_id IS 'The channel or the conversation';
COMMENT ON COLUMN plinth_tasks.chat_messages.participant_ids IS
  'Who sees it, as of the conversation; NULL in a channel. Set by the trigger';
COMMENT ON COLUMN plinth_tasks.chat_messages.sequence IS
  'Its number in the room, from 1; visible in this order. Set by the trigger';
COMMENT ON COLUMN plinth_tasks.chat_messages.type IS 'text or file of a member; system where a service said it';
COMMENT ON COLUMN plinth_tasks.chat_messages.author_id IS
  'Who acted; the application cannot name another. None where a service said it';
COMMENT ON COLUMN plinth_tasks.chat_messages.file_url IS 'Where the host keeps the file';
COMMENT ON COLUMN plinth_tasks.chat_messages.mention_ids IS
  'Members that may see it; the trigger looks, because an array has no foreign key';
COMMENT ON COLUMN plinth_tasks.chat_messages.reply_to_sequence IS 'The message of the same room that it answers; NULL for none';
COMMENT ON COLUMN plinth_tasks.chat_messages.edited_at IS 'When the author last changed it; set by the trigger';
COMMENT ON COLUMN plinth_tasks.chat_messages.deleted_at IS
  'Since when text, file, mentions and history are gone; NULL while they are there';
COMMENT ON COLUMN plinth_tasks.chat_messages.deleted_by IS 'Who deleted it; none where a service did. Set by the trigger';

SELECT plinth_base.protect('plinth_tasks.chat_messages',
  p_visible_if => 'participant_ids IS NULL OR plinth_base.current_user_id() = ANY (participant_ids)',
  p_writable_if => 'plinth_base.current_user_may_write() '
    'AND (participant_ids IS NULL OR plinth_base.current_user_id() = ANY (participant_ids)) '
    'AND (author_id IS NOT DISTINCT FROM plinth_base.current_user_id() '
    'OR participant_ids IS NULL AND plinth_base.current_user_administers())',
  p_app_may => 'INSERT (organization_id, channel_id, conversation_id, type, body, file_name, file_url, mention_ids, '
    'reply_to_sequence), UPDATE (body, mention_ids, deleted_at)',
  p_system_may => '');

CREATE INDEX chat_messages_thread_ix ON plinth_tasks.chat_messages (organization_id, room_id, reply_to_sequence, sequence)
  WHERE reply_to_sequence IS NOT NULL;

CREATE TRIGGER chat_messages_set_updated_at BEFORE UPDATE ON plinth_tasks.chat_messages
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

-- Who may not see a conversation, and who names none that is there, get the same answer.
CREATE FUNCTION plinth_tasks.number_chat_message() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  archived timestamptz;
  room text := CASE WHEN NEW.channel_id IS NULL THEN 'conversation' ELSE 'channel' END;
BEGIN
  IF NEW.channel_id IS NOT NULL THEN
    UPDATE plinth_tasks.chat_channels c SET last_sequence = c.last_sequence + 1
      WHERE c.organization_id = NEW.organization_id AND c.id = NEW.channel_id
      RETURNING c.last_sequence, c.archived_at INTO NEW.sequence, archived;
  ELSE
    UPDATE plinth_tasks.chat_conversations c
      SET last_sequence = c.last_sequence + 1, last_message_at = plinth_base.transaction_time()
      WHERE c.organization_id = NEW.organization_id AND c.id = NEW.conversation_id
        AND plinth_base.current_user_id() = ANY (c.participant_ids)
      RETURNING c.last_sequence, c.participant_ids INTO NEW.sequence, NEW.participant_ids;
  END IF;
  IF NEW.sequence IS NULL THEN
    RAISE EXCEPTION 'there is no such %', room USING ERRCODE = 'foreign_key_violation',
      TABLE = 'chat_messages', CONSTRAINT = format('chat_messages_%s_fk', room);
  END IF;
  IF archived IS NOT NULL THEN
    RAISE EXCEPTION 'chat_channel cannot go from archived to posted' USING ERRCODE = 'PL010';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.number_chat_message() IS
  'Gives a message its number and its participants; as who posts, so that a room is found only by who may';

CREATE TRIGGER chat_messages_number BEFORE INSERT ON plinth_tasks.chat_messages
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.number_chat_message();

CREATE FUNCTION plinth_tasks.guard_chat_mentions() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF NEW.mention_ids <> '{}' AND EXISTS (
    SELECT FROM unnest(NEW.mention_ids) AS u
    WHERE NOT EXISTS (
      SELECT FROM plinth_base.organization_members m
      WHERE m.organization_id = NEW.organization_id AND m.user_id = u))
  THEN
    RAISE EXCEPTION 'a mentioned user is no member' USING ERRCODE = 'foreign_key_violation',
      TABLE = 'chat_messages', CONSTRAINT = 'chat_messages_mention_fk';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_chat_mentions() IS 'Who is mentioned is a member of the organization';

CREATE TRIGGER chat_messages_guard_mentions BEFORE INSERT OR UPDATE OF mention_ids ON plinth_tasks.chat_messages
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_chat_mentions();

CREATE FUNCTION plinth_tasks.guard_chat_message() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF OLD.deleted_at IS NOT NULL THEN
    RAISE EXCEPTION 'chat_message cannot go from deleted to changed' USING ERRCODE = 'PL010';
  END IF;
  IF NEW.deleted_at IS NOT NULL THEN
    NEW.body := '';
    NEW.mention_ids := '{}';
    NEW.file_name := NULL;
    NEW.file_url := NULL;
    NEW.deleted_by := plinth_base.current_user_id();
  ELSIF (NEW.body, NEW.mention_ids) IS DISTINCT FROM (OLD.body, OLD.mention_ids) THEN
    -- What a service said is nobody's words, and stays.
    IF (OLD.author_id = plinth_base.current_user_id()) IS NOT TRUE THEN
      RAISE EXCEPTION 'a message is edited by its author' USING ERRCODE = 'PL004';
    END IF;
    NEW.edited_at := plinth_base.transaction_time();
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_chat_message() IS
  'Who may delete a message does not put words into its author''s mouth; of a deleted one only its place is left';

CREATE TRIGGER chat_messages_guard BEFORE UPDATE ON plinth_tasks.chat_messages
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_chat_message();
