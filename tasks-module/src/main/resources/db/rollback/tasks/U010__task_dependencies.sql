DROP FUNCTION plinth_tasks.are_task_dependencies_satisfied(uuid);
DROP TABLE plinth_tasks.task_dependencies;
