DROP VIEW plinth_tasks.data_quality_metrics_part;
DROP VIEW plinth_tasks.data_integrity_checks_part;
DROP VIEW plinth_tasks.system_health_part_board;
DROP VIEW plinth_tasks.system_health_part_schedules;
DROP VIEW plinth_tasks.system_health_part;
DROP FUNCTION plinth_tasks.definitions_put_aside();
DROP INDEX plinth_tasks.tasks_dead_discovery_ix;
