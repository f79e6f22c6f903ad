DROP TRIGGER work_items_unblock ON plinth_tasks.work_items;
DROP TRIGGER work_items_guard_blocked ON plinth_tasks.work_items;
DROP FUNCTION plinth_tasks.unblock_deleted_work_item();
DROP FUNCTION plinth_tasks.guard_blocked_work_item();
DROP FUNCTION plinth_tasks.add_work_item_dependency(uuid, uuid);
DROP FUNCTION plinth_tasks.work_item_cycle(uuid, uuid, uuid);
DROP TABLE plinth_tasks.work_item_dependencies;
