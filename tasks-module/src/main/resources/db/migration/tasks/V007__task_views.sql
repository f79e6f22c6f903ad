-- What one asks about tasks, under the rights of who asks.

CREATE VIEW plinth_tasks.ready_tasks WITH (security_invoker = true) AS
  SELECT t.organization_id, t.id, d.name AS definition, d.handler, t.queue, t.priority, t.turn_at, t.scheduled_at,
         t.attempt, t.is_limited, t.concurrency_key, t.run_id, t.project_id, t.created_at
  FROM plinth_tasks.tasks t
  JOIN plinth_tasks.task_definitions d ON d.organization_id = t.organization_id AND d.id = t.definition_id
  WHERE t.status = 'pending' AND t.unmet_dependencies = 0 AND t.unhandled_at IS NULL
    AND NOT EXISTS (SELECT FROM plinth_tasks.task_queues q
                    WHERE q.organization_id = t.organization_id AND q.name = t.queue AND q.paused_at IS NOT NULL);
COMMENT ON VIEW plinth_tasks.ready_tasks IS 'What a worker may claim now; in each queue the smallest turn_at first';

CREATE VIEW plinth_tasks.tasks_performance_analysis WITH (security_invoker = true) AS
  SELECT d.organization_id, d.id AS definition_id, d.name AS definition,
         count(a.id) AS attempts,
         count(a.id) FILTER (WHERE a.outcome = 'succeeded') AS succeeded,
         count(a.id) FILTER (WHERE a.outcome IN ('failed', 'timed_out', 'lost')) AS failed,
         (count(a.id) FILTER (WHERE a.outcome IN ('failed', 'timed_out', 'lost')))::numeric
           / nullif(count(a.id) FILTER (WHERE a.outcome IN ('succeeded', 'failed', 'timed_out', 'lost')), 0) AS failure_rate,
         (count(a.id) FILTER (WHERE a.outcome = 'succeeded'))::numeric / 24 AS succeeded_per_hour,
         avg(a.started_at - a.ready_at) AS average_wait,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY a.started_at - a.ready_at) AS median_wait,
         percentile_cont(0.95) WITHIN GROUP (ORDER BY a.started_at - a.ready_at) AS p95_wait,
         avg(a.finished_at - a.started_at) AS average_run,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY a.finished_at - a.started_at) AS median_run,
         percentile_cont(0.95) WITHIN GROUP (ORDER BY a.finished_at - a.started_at) AS p95_run,
         max(a.finished_at) AS last_finished_at
  FROM plinth_tasks.task_definitions d
  LEFT JOIN plinth_tasks.task_attempts a
    ON a.organization_id = d.organization_id AND a.definition_id = d.id
    AND a.id >= plinth_base.first_id_at(plinth_base.transaction_time() - interval '24 hours')
    AND a.outcome IN ('succeeded', 'failed', 'timed_out', 'lost')
  GROUP BY d.organization_id, d.id, d.name;
COMMENT ON VIEW plinth_tasks.tasks_performance_analysis IS
  'Of each definition what its attempts of the last 24 hours came to: how many, how long they waited and ran; what was '
  'given back or cancelled is left out';

DO $$
BEGIN
  EXECUTE format('GRANT SELECT ON plinth_tasks.ready_tasks, plinth_tasks.tasks_performance_analysis TO %I, %I, %I',
                 plinth_base.role_name('app'), plinth_base.role_name('reader'), plinth_base.role_name('system'));
END
$$;
