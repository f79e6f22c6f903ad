-- What a message said before its author changed it; seen by who sees the message. It goes when the message is deleted, and
-- not before. Written by a trigger alone, and not as plinth_system, which has no right to anything private.

CREATE TABLE plinth_tasks.chat_message_edits (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  message_id uuid NOT NULL,
  participant_ids uuid[],
  editor_id uuid NOT NULL DEFAULT plinth_base.current_user_id(),
  previous_body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT plinth_base.transaction_time(),
  CONSTRAINT chat_message_edits_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT chat_message_edits_message_fk FOREIGN KEY (organization_id, message_id)
    REFERENCES plinth_tasks.chat_messages (organization_id, id),
  CONSTRAINT chat_message_edits_editor_fk FOREIGN KEY (organization_id, editor_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT chat_message_edits_times_are_finite_ck CHECK (plinth_tasks.are_finite(created_at))
);
COMMENT ON TABLE plinth_tasks.chat_message_edits IS 'What messages said before; append-only as long as the message is there';
COMMENT ON COLUMN plinth_tasks.chat_message_edits.participant_ids IS 'Who sees it, as of the message; NULL in a channel';
COMMENT ON COLUMN plinth_tasks.chat_message_edits.editor_id IS 'Who changed it: its author';

SELECT plinth_base.protect('plinth_tasks.chat_message_edits',
  p_visible_if => 'participant_ids IS NULL OR plinth_base.current_user_id() = ANY (participant_ids)',
  p_writable_if => 'plinth_base.current_user_may_write() '
    'AND (editor_id = plinth_base.current_user_id() OR participant_ids IS NULL AND plinth_base.current_user_administers())',
  p_app_may => 'DELETE', p_system_may => '');

-- The function below is the owner's, whom FORCE binds too: it may add, and neither see nor change.
CREATE POLICY chat_message_edits_insert_owner ON plinth_tasks.chat_message_edits FOR INSERT TO CURRENT_USER
  WITH CHECK (true);

CREATE INDEX chat_message_edits_message_ix ON plinth_tasks.chat_message_edits (organization_id, message_id, id);

CREATE FUNCTION plinth_tasks.record_chat_message_edit() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  INSERT INTO plinth_tasks.chat_message_edits (organization_id, message_id, participant_ids, previous_body)
    VALUES (OLD.organization_id, OLD.id, OLD.participant_ids, OLD.body);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_tasks.record_chat_message_edit() IS 'Keeps what a message said before';

CREATE TRIGGER chat_messages_record_edit AFTER UPDATE OF body ON plinth_tasks.chat_messages
  FOR EACH ROW WHEN (NEW.body <> OLD.body AND NEW.deleted_at IS NULL)
  EXECUTE FUNCTION plinth_tasks.record_chat_message_edit();

CREATE FUNCTION plinth_tasks.forget_chat_message_edits() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  DELETE FROM plinth_tasks.chat_message_edits e
    WHERE e.organization_id = NEW.organization_id AND e.message_id = NEW.id;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_tasks.forget_chat_message_edits() IS 'What is deleted is not left in its history; as who deletes';

CREATE TRIGGER chat_messages_forget_edits AFTER UPDATE OF deleted_at ON plinth_tasks.chat_messages
  FOR EACH ROW WHEN (NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION plinth_tasks.forget_chat_message_edits();

CREATE FUNCTION plinth_tasks.guard_chat_message_edits() RETURNS trigger
  LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF EXISTS (
    SELECT FROM plinth_tasks.chat_messages m
    WHERE m.organization_id = OLD.organization_id AND m.id = OLD.message_id AND m.deleted_at IS NULL)
  THEN
    RAISE EXCEPTION 'the history of a message goes with the message' USING ERRCODE = 'PL004';
  END IF;
  RETURN OLD;
END
$$;
COMMENT ON FUNCTION plinth_tasks.guard_chat_message_edits() IS 'Nobody shortens the history of a message that is there';

CREATE TRIGGER chat_message_edits_guard BEFORE DELETE ON plinth_tasks.chat_message_edits
  FOR EACH ROW EXECUTE FUNCTION plinth_tasks.guard_chat_message_edits();

REVOKE EXECUTE ON FUNCTION plinth_tasks.record_chat_message_edit() FROM PUBLIC;
