DROP TABLE plinth_tasks.chat_messages;
DROP FUNCTION plinth_tasks.guard_chat_message();
DROP FUNCTION plinth_tasks.guard_chat_mentions();
DROP FUNCTION plinth_tasks.number_chat_message();
