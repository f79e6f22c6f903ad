DROP FUNCTION plinth_tasks.settle_successors(uuid, uuid[]);
DROP FUNCTION plinth_tasks.end_runs(uuid, uuid[]);
DROP FUNCTION plinth_tasks.compensate_run(uuid, uuid);
DROP FUNCTION plinth_tasks.cancel_successors(uuid, uuid[], uuid[], uuid[]);
DROP FUNCTION plinth_tasks.is_provided_for(uuid, uuid, text);
DROP FUNCTION plinth_tasks.fail_runs(uuid, uuid[]);
DROP FUNCTION plinth_tasks.stop_run(uuid, uuid);
DROP FUNCTION plinth_tasks.lock_runs(uuid, uuid[]);
