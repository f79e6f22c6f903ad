-- What a host's own module says of its data.

CREATE VIEW plinth_notes.data_quality_metrics_part WITH (security_invoker = true) AS
  SELECT 'notes' AS table_name, 'notes are short' AS metric, count(*) AS rows_checked,
         count(*) FILTER (WHERE length(n.text) > 100) AS issue_count, 'notes that nobody reads to their end' AS detail
  FROM plinth_notes.notes n TABLESAMPLE SYSTEM (100);
COMMENT ON VIEW plinth_notes.data_quality_metrics_part IS 'What notes says: how long they are';
