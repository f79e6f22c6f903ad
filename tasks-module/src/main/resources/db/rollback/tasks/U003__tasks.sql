DROP FUNCTION plinth_tasks.queues_with_work(text[]);
DROP FUNCTION plinth_tasks.turn_at(timestamptz, smallint);
DROP TABLE plinth_tasks.tasks;
