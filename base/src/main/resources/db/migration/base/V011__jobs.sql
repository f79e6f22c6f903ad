-- Background jobs: when each is due, who runs it now, how it went. One row a job for the whole database, so that one
-- host of many runs it at a time: whoever writes its token into the row while no lease is running. Times are those of
-- the transaction, never a host's.

CREATE TABLE plinth_base.jobs (
  name text NOT NULL,
  next_run_at timestamptz NOT NULL,
  lease_token uuid,
  lease_holder text,
  lease_until timestamptz,
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_succeeded_at timestamptz,
  runs bigint NOT NULL DEFAULT 0,
  failures bigint NOT NULL DEFAULT 0,
  consecutive_failures integer NOT NULL DEFAULT 0,
  last_error text,
  CONSTRAINT jobs_name_pk PRIMARY KEY (name),
  CONSTRAINT jobs_name_ck CHECK (name ~ '^[a-z][a-z0-9]*\.[a-z][a-z0-9-]*$' AND length(name) <= 100),
  CONSTRAINT jobs_lease_is_whole_ck CHECK (
    (lease_token IS NULL) = (lease_until IS NULL) AND (lease_token IS NULL) = (lease_holder IS NULL)),
  CONSTRAINT jobs_failures_ck CHECK (0 <= consecutive_failures AND consecutive_failures <= failures AND failures <= runs),
  CONSTRAINT jobs_last_error_ck CHECK (length(last_error) <= 500)
);
COMMENT ON TABLE plinth_base.jobs IS 'Background jobs of all modules; no tenant''s data, and invisible inside a tenant''s transaction';
COMMENT ON COLUMN plinth_base.jobs.name IS 'The module and what the job does, such as base.notification-retention';
COMMENT ON COLUMN plinth_base.jobs.next_run_at IS 'When it is due; stays in the past while it runs, so that a lost run is made up for';
COMMENT ON COLUMN plinth_base.jobs.lease_token IS 'The fencing token of the run that has the lease; another one records nothing';
COMMENT ON COLUMN plinth_base.jobs.lease_holder IS 'Process and machine, for people';
COMMENT ON COLUMN plinth_base.jobs.lease_until IS 'When another host may take over, unless the lease is extended before';
COMMENT ON COLUMN plinth_base.jobs.last_finished_at IS 'When a run last ended, however it ended';
COMMENT ON COLUMN plinth_base.jobs.failures IS 'Runs that failed, ran too long, or were lost with their host';
COMMENT ON COLUMN plinth_base.jobs.consecutive_failures IS 'Since the last success';
COMMENT ON COLUMN plinth_base.jobs.last_error IS 'Why the last run failed, without values of rows; NULL after a success';

-- Errors may name organizations, so who works for one sees nothing; reporting tools, which read as plinth_reader and
-- have none, see everything. The system deletes the row of a job that no module has any more.
SELECT plinth_base.protect('plinth_base.jobs',
  p_tenant => 'plinth_base.current_organization_id() IS NULL',
  p_app_may => '',
  p_system_may => 'SELECT, INSERT, UPDATE, DELETE');
