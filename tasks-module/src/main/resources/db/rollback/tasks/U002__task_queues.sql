DROP TABLE plinth_tasks.task_queues;
