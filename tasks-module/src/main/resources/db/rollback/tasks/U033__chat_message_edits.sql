DROP TRIGGER chat_messages_forget_edits ON plinth_tasks.chat_messages;
DROP TRIGGER chat_messages_record_edit ON plinth_tasks.chat_messages;
DROP TABLE plinth_tasks.chat_message_edits;
DROP FUNCTION plinth_tasks.guard_chat_message_edits();
DROP FUNCTION plinth_tasks.forget_chat_message_edits();
DROP FUNCTION plinth_tasks.record_chat_message_edit();
