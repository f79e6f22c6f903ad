DROP TABLE plinth_tasks.task_definitions;
DROP FUNCTION plinth_tasks.are_finite(timestamptz[]);
