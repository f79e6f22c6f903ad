DROP FUNCTION plinth_base.notify_users(uuid[], text, text, text, text, uuid, text);
DROP FUNCTION plinth_base.notify_user(uuid, text, text, text, text, uuid, text);
DROP TABLE plinth_base.notifications;
