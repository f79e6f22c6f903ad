DROP TRIGGER work_items_record ON plinth_tasks.work_items;
DROP FUNCTION plinth_tasks.record_work_item();
DROP TABLE plinth_tasks.work_item_transitions;
