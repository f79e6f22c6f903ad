DROP TRIGGER work_items_release ON plinth_tasks.work_items;
DROP FUNCTION plinth_tasks.release_deleted_work_item();
DROP FUNCTION plinth_tasks.place_work_item(uuid, uuid);
DROP TABLE plinth_tasks.work_item_parents;
