DROP TABLE plinth_tasks.workflow_runs;
DROP TABLE plinth_tasks.workflows;
