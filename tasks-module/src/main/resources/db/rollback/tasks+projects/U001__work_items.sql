ALTER TABLE plinth_tasks.work_items DROP CONSTRAINT work_items_project_fk;
