SELECT plinth_base.unpartition('plinth_tasks.task_resource_usage');
DROP TABLE plinth_tasks.task_resource_usage;
