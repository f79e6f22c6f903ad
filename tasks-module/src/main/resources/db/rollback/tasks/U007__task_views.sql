DROP VIEW plinth_tasks.tasks_performance_analysis;
DROP VIEW plinth_tasks.ready_tasks;
