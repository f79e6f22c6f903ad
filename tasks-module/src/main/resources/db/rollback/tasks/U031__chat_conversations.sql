DROP TABLE plinth_tasks.chat_conversations;
DROP FUNCTION plinth_tasks.is_participant_set(uuid[]);
