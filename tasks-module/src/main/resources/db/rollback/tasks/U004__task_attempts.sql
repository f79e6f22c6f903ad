SELECT plinth_base.unpartition('plinth_tasks.task_attempts');
DROP TABLE plinth_tasks.task_attempts;
