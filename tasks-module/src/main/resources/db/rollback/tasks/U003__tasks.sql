DROP FUNCTION plinth_tasks.queues_with_work(text[]);
DROP TABLE plinth_tasks.tasks;
