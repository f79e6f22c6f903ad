ALTER TABLE plinth_tasks.tasks DROP CONSTRAINT tasks_project_fk;
