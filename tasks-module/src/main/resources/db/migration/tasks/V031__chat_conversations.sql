-- Private conversations. Only the participants see one: not the owner of the organization, not its machinery, not
-- plinth_system, which has neither right nor policy here (ADR 0026). Who takes part never changes; other participants
-- are another conversation. There is one for each set, so the set is written in one way only: sorted, each once.

CREATE FUNCTION plinth_tasks.is_participant_set(p_users uuid[]) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN cardinality(p_users) BETWEEN 2 AND 50
     AND array_position(p_users, NULL) IS NULL
     AND p_users = ARRAY(SELECT DISTINCT u FROM unnest(p_users) AS u ORDER BY u);
COMMENT ON FUNCTION plinth_tasks.is_participant_set(uuid[]) IS 'Two to fifty users, sorted, each once';

CREATE TABLE plinth_tasks.chat_conversations (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  participant_ids uuid[] NOT NULL,
  created_by uuid NOT NULL DEFAULT plinth_base.current_user_id(),
  last_sequence bigint NOT NULL DEFAULT 0,
  last_message_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  CONSTRAINT chat_conversations_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT chat_conversations_participants_uq UNIQUE (organization_id, participant_ids),
  CONSTRAINT chat_conversations_id_and_participants_uq UNIQUE (organization_id, id, participant_ids),
  CONSTRAINT chat_conversations_created_by_fk FOREIGN KEY (organization_id, created_by)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT chat_conversations_participants_ck CHECK (plinth_tasks.is_participant_set(participant_ids)),
  CONSTRAINT chat_conversations_creator_takes_part_ck CHECK (created_by = ANY (participant_ids)),
  CONSTRAINT chat_conversations_times_are_finite_ck CHECK (plinth_tasks.are_finite(last_message_at, created_at))
);
COMMENT ON TABLE plinth_tasks.chat_conversations IS 'What few members have among themselves; seen by these only';
COMMENT ON COLUMN plinth_tasks.chat_conversations.participant_ids IS
  'Two to fifty, sorted, each once; that they are members of the organization, chat_reads holds by its foreign key';
COMMENT ON COLUMN plinth_tasks.chat_conversations.last_sequence IS 'The number of the newest message; 0 before the first';
COMMENT ON COLUMN plinth_tasks.chat_conversations.last_message_at IS 'When the newest message came, or the conversation began';

SELECT plinth_base.protect('plinth_tasks.chat_conversations',
  p_visible_if => 'plinth_base.current_user_id() = ANY (participant_ids)',
  p_writable_if => 'plinth_base.current_user_may_write() AND plinth_base.current_user_id() = ANY (participant_ids)',
  p_app_may => 'INSERT (organization_id, participant_ids), UPDATE (last_sequence, last_message_at)',
  p_system_may => '');

CREATE TRIGGER chat_conversations_guard_sequence BEFORE UPDATE ON plinth_tasks.chat_conversations
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_chat_sequence();
