DROP FUNCTION plinth_tasks.hand_over_work_item(uuid, integer, text, uuid);
DROP FUNCTION plinth_tasks.is_delayed(plinth_tasks.work_items);
DROP TABLE plinth_tasks.work_items;
DROP FUNCTION plinth_tasks.guard_work_item();
DROP FUNCTION plinth_tasks.current_user_is_among(text[]);
DROP FUNCTION plinth_tasks.current_user_manages_board();
