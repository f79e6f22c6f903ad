DROP FUNCTION plinth_tasks.pick_limited_tasks(uuid, text, integer);
