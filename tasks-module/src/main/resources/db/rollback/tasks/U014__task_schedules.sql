DROP TABLE plinth_tasks.task_schedules;
