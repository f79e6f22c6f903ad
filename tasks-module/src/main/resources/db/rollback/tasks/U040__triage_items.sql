DROP FUNCTION plinth_tasks.similar_triage_items(text, real, uuid, integer);
DROP TABLE plinth_tasks.triage_items;
DROP FUNCTION plinth_tasks.guard_triage_item_status();
DROP FUNCTION plinth_tasks.guard_triage_item();
