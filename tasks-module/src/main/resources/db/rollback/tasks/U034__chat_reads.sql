DROP TRIGGER chat_conversations_open_reads ON plinth_tasks.chat_conversations;
DROP TABLE plinth_tasks.chat_reads;
DROP FUNCTION plinth_tasks.open_chat_reads();
DROP FUNCTION plinth_tasks.guard_chat_read();
