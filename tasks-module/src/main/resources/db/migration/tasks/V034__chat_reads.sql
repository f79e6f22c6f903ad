-- How far each user has read in each room. Private to its user. In a conversation every participant has one from its
-- beginning, made by a trigger: the application cannot name a conversation, or the foreign key would tell it whether
-- there is such a one. It is also how a user's conversations are found.

CREATE TABLE plinth_tasks.chat_reads (
  organization_id uuid NOT NULL,
  user_id uuid NOT NULL DEFAULT plinth_base.current_user_id(),
  channel_id uuid,
  conversation_id uuid,
  room_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(channel_id, conversation_id)) STORED,
  last_read_sequence bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  updated_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT chat_reads_room_pk PRIMARY KEY (organization_id, user_id, room_id),
  CONSTRAINT chat_reads_user_fk FOREIGN KEY (organization_id, user_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT chat_reads_channel_fk FOREIGN KEY (organization_id, channel_id)
    REFERENCES plinth_tasks.chat_channels (organization_id, id),
  CONSTRAINT chat_reads_conversation_fk FOREIGN KEY (organization_id, conversation_id)
    REFERENCES plinth_tasks.chat_conversations (organization_id, id),
  CONSTRAINT chat_reads_one_room_ck CHECK (num_nonnulls(channel_id, conversation_id) = 1),
  CONSTRAINT chat_reads_last_read_sequence_ck CHECK (last_read_sequence >= 0),
  CONSTRAINT chat_reads_times_are_finite_ck CHECK (plinth_tasks.are_finite(created_at, updated_at))
);
COMMENT ON TABLE plinth_tasks.chat_reads IS 'How far a user has read in a channel or conversation; seen by that user only';
COMMENT ON COLUMN plinth_tasks.chat_reads.user_id IS 'Who acted; the application cannot name another';
COMMENT ON COLUMN plinth_tasks.chat_reads.room_id IS 'The channel or the conversation';
COMMENT ON COLUMN plinth_tasks.chat_reads.last_read_sequence IS 'The number of the last message that was read; never goes back';

SELECT plinth_base.protect('plinth_tasks.chat_reads',
  p_visible_if => 'user_id = plinth_base.current_user_id()',
  p_writable_if => 'user_id = plinth_base.current_user_id()',
  p_app_may => 'INSERT (organization_id, channel_id, last_read_sequence), UPDATE (last_read_sequence)',
  p_system_may => '');

-- The function below is the owner's, whom FORCE binds too: it may add, and neither see nor change.
CREATE POLICY chat_reads_insert_owner ON plinth_tasks.chat_reads FOR INSERT TO CURRENT_USER WITH CHECK (true);

CREATE TRIGGER chat_reads_set_updated_at BEFORE UPDATE ON plinth_tasks.chat_reads
  FOR EACH ROW EXECUTE FUNCTION plinth_base.set_updated_at();

CREATE FUNCTION plinth_tasks.guard_chat_read() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF NEW.last_read_sequence < OLD.last_read_sequence THEN
    RAISE EXCEPTION 'chat_read cannot go from % to %', OLD.last_read_sequence, NEW.last_read_sequence
      USING ERRCODE = 'PL010';
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_chat_read() IS 'What was read stays read';

CREATE TRIGGER chat_reads_guard BEFORE UPDATE ON plinth_tasks.chat_reads
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_chat_read();

CREATE FUNCTION plinth_tasks.open_chat_reads() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  INSERT INTO plinth_tasks.chat_reads (organization_id, user_id, conversation_id)
    SELECT NEW.organization_id, u, NEW.id FROM unnest(NEW.participant_ids) AS u;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_tasks.open_chat_reads() IS
  'Every participant of a conversation reads it from its beginning, and is a member: the foreign key says so';

CREATE TRIGGER chat_conversations_open_reads AFTER INSERT ON plinth_tasks.chat_conversations
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.open_chat_reads();
REVOKE EXECUTE ON FUNCTION plinth_tasks.open_chat_reads() FROM PUBLIC;
