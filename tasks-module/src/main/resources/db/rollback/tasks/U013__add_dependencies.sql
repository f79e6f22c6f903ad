DROP FUNCTION plinth_tasks.replay_run(uuid, uuid);
DROP FUNCTION plinth_tasks.tasks_to_replay(uuid, uuid, uuid);
DROP FUNCTION plinth_tasks.cancel_run(uuid);
DROP FUNCTION plinth_tasks.add_run_tasks(
  uuid, uuid[], text[], text[], integer[], integer[], text[], text[], text[]);
DROP FUNCTION plinth_tasks.add_dependencies(uuid[], uuid[], text[], text[], text[]);
DROP FUNCTION plinth_tasks.require_no_cycle(uuid, uuid, uuid[]);
