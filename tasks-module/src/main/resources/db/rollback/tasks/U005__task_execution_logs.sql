SELECT plinth_base.unpartition('plinth_tasks.task_execution_logs');
DROP TABLE plinth_tasks.task_execution_logs;
