DROP TABLE plinth_tasks.chat_channel_members;
DROP TABLE plinth_tasks.chat_channels;
DROP FUNCTION plinth_tasks.guard_chat_sequence();
DROP FUNCTION plinth_tasks.guard_chat_channel();
