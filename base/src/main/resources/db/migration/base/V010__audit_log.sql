-- The record of who changed what, kept for ever. Written by a trigger, so that no path goes round it, and by nobody else:
-- no role of Plinth's may insert, update or delete. The time is the database's, whatever clock the host put in its place,
-- and it is the time in the id, by which the table is partitioned, listed and searched (ADR 0012).

CREATE TABLE plinth_base.audit_log (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  occurred_at timestamptz NOT NULL,
  actor_kind text NOT NULL,
  user_id uuid,
  actor text,
  subject_type text NOT NULL,
  subject_id uuid,
  action text NOT NULL,
  before jsonb,
  after jsonb,
  is_sensitive boolean NOT NULL DEFAULT false,
  transaction_id bigint NOT NULL,
  CONSTRAINT audit_log_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT audit_log_user_fk FOREIGN KEY (organization_id, user_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT audit_log_actor_kind_ck CHECK (actor_kind IN ('user', 'service', 'system', 'login')),
  CONSTRAINT audit_log_actor_is_one_ck CHECK (
    (actor_kind = 'user') = (user_id IS NOT NULL) AND (user_id IS NULL) = (actor IS NOT NULL)),
  CONSTRAINT audit_log_subject_type_ck CHECK (btrim(subject_type) <> '' AND length(subject_type) <= 200),
  CONSTRAINT audit_log_action_ck CHECK (action IN ('insert', 'update', 'delete', 'read'))
) PARTITION BY RANGE (id);
COMMENT ON TABLE plinth_base.audit_log IS 'Who changed what, and who read what is sensitive; append-only, seen by who administers the organization';
COMMENT ON COLUMN plinth_base.audit_log.organization_id IS 'All zeros for what belongs to none, such as users: seen by the system only';
COMMENT ON COLUMN plinth_base.audit_log.occurred_at IS 'The time in the id, to the millisecond; by the database''s clock';
COMMENT ON COLUMN plinth_base.audit_log.actor_kind IS 'user, service, system, or login: a statement outside Plinth''s transactions';
COMMENT ON COLUMN plinth_base.audit_log.user_id IS 'The member who acted, if one did';
COMMENT ON COLUMN plinth_base.audit_log.actor IS 'Else the name of the service, the reason of the system or the login';
COMMENT ON COLUMN plinth_base.audit_log.subject_type IS 'The table, as schema.table; of a read what the module calls it';
COMMENT ON COLUMN plinth_base.audit_log.subject_id IS 'The id of the row; NULL where many were read';
COMMENT ON COLUMN plinth_base.audit_log.before IS 'What was updated or deleted; of an update the changed columns only';
COMMENT ON COLUMN plinth_base.audit_log.after IS 'What was inserted, or what an update made of the changed columns';
COMMENT ON COLUMN plinth_base.audit_log.is_sensitive IS 'That somebody read this entry is recorded';
COMMENT ON COLUMN plinth_base.audit_log.transaction_id IS 'The same for what was done at once (pg_current_xact_id)';

SELECT plinth_base.protect('plinth_base.audit_log',
  p_visible_if => 'plinth_base.current_user_administers()',
  p_app_may => '');

-- The functions below are the owner's, whom FORCE binds too: it may add an entry, and neither see nor change one.
CREATE POLICY audit_log_insert_owner ON plinth_base.audit_log FOR INSERT TO CURRENT_USER WITH CHECK (true);

CREATE INDEX audit_log_subject_ix ON plinth_base.audit_log (organization_id, subject_id, id);
CREATE INDEX audit_log_subject_type_ix ON plinth_base.audit_log (organization_id, subject_type, id);
CREATE INDEX audit_log_user_ix ON plinth_base.audit_log (organization_id, user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_log_actor_ix ON plinth_base.audit_log (organization_id, actor, id) WHERE actor IS NOT NULL;

SELECT plinth_base.partition('plinth_base.audit_log', 'month');

CREATE FUNCTION plinth_base.add_audit_entry(
  p_organization uuid,
  p_subject_type text,
  p_subject uuid,
  p_action text,
  p_before jsonb,
  p_after jsonb,
  p_sensitive boolean)
  RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  entry uuid := plinth_base.uuidv7();
  acting text := plinth_base.current_user_role();
  kind text := CASE
    WHEN acting IN ('service', 'system') AND plinth_base.current_user_id() IS NULL THEN acting
    WHEN acting IS NULL OR p_organization IS DISTINCT FROM plinth_base.current_organization_id() THEN 'login'
    ELSE 'user' END;
BEGIN
  INSERT INTO plinth_base.audit_log (
      organization_id, id, occurred_at, actor_kind, user_id, actor,
      subject_type, subject_id, action, before, after, is_sensitive, transaction_id)
    VALUES (
      p_organization, entry, plinth_base.time_of_id(entry), kind,
      CASE WHEN kind = 'user' THEN plinth_base.current_user_id() END,
      CASE kind WHEN 'user' THEN NULL WHEN 'login' THEN session_user ELSE current_setting('plinth.actor') END,
      p_subject_type, p_subject, p_action, p_before, p_after, p_sensitive,
      pg_current_xact_id()::text::bigint);
END
$$;
COMMENT ON FUNCTION plinth_base.add_audit_entry(uuid, text, uuid, text, jsonb, jsonb, boolean) IS
  'Adds an entry with whoever acts in this transaction; for the owner''s functions';

-- Plain assignments where it may be: a function in SQL would be planned anew for every row.
CREATE FUNCTION plinth_base.record_change() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
DECLARE
  tenant text := TG_ARGV[0];
  secret text[] := TG_ARGV[1]::text[];
  old_row jsonb;
  new_row jsonb;
  any_row jsonb;
  changed text[];
  hidden text;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    old_row := to_jsonb(OLD);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    new_row := to_jsonb(NEW);
  END IF;
  any_row := coalesce(new_row, old_row);
  IF TG_OP = 'UPDATE' THEN
    changed := ARRAY(
      SELECT n.key FROM jsonb_each(new_row) AS n
      WHERE n.value IS DISTINCT FROM old_row -> n.key AND n.key NOT IN ('updated_at', 'version'));
    IF changed = '{}' THEN
      RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(k, old_row -> k), jsonb_object_agg(k, new_row -> k) INTO old_row, new_row
      FROM unnest(changed || 'id'::text) AS k;
  END IF;
  FOREACH hidden IN ARRAY secret LOOP
    IF old_row ->> hidden IS NOT NULL THEN
      old_row := jsonb_set(old_row, ARRAY[hidden], '"[secret]"');
    END IF;
    IF new_row ->> hidden IS NOT NULL THEN
      new_row := jsonb_set(new_row, ARRAY[hidden], '"[secret]"');
    END IF;
  END LOOP;
  PERFORM plinth_base.add_audit_entry(
    CASE WHEN tenant = '' THEN '00000000-0000-0000-0000-000000000000' ELSE any_row ->> tenant END::uuid,
    TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
    (any_row ->> 'id')::uuid, lower(TG_OP), old_row, new_row, TG_ARGV[2]::boolean);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION plinth_base.record_change() IS
  'AFTER trigger that audit() makes: records the change, unless nothing but the stamp of the row is another';

CREATE FUNCTION plinth_base.audit(p_table regclass, p_secret text[] DEFAULT '{}', p_sensitive boolean DEFAULT false) RETURNS void
  LANGUAGE plpgsql
  AS $$
DECLARE
  relation text := (SELECT c.relname FROM pg_catalog.pg_class c WHERE c.oid = p_table);
  columns text[] := ARRAY(
    SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = p_table AND a.attnum > 0 AND NOT a.attisdropped);
BEGIN
  IF NOT columns @> (p_secret || 'id'::text) THEN
    RAISE EXCEPTION '% has no column id, or not all of %', p_table, p_secret USING ERRCODE = 'undefined_column';
  END IF;
  EXECUTE format(
    'CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION plinth_base.record_change(%L, %L, %L)',
    relation || '_audit', p_table,
    CASE WHEN 'organization_id' = ANY (columns) THEN 'organization_id'
         WHEN p_table = 'plinth_base.organizations'::regclass THEN 'id'
         ELSE '' END,
    p_secret, p_sensitive);
END
$$;
COMMENT ON FUNCTION plinth_base.audit(regclass, text[], boolean) IS
  'After protect(): every change of the table is recorded, with the columns before and after. p_secret are columns of which '
  'no value is kept; of a p_sensitive table also who reads the entries';

CREATE FUNCTION plinth_base.record_read(p_subject_type text, p_subject uuid DEFAULT NULL) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  AS $$
BEGIN
  IF current_setting('transaction_read_only')::boolean THEN
    RAISE EXCEPTION 'reading % is recorded, which a read-only transaction cannot do: use call() and not read()', p_subject_type
      USING ERRCODE = 'read_only_sql_transaction';
  END IF;
  IF plinth_base.current_organization_id() IS NULL THEN
    RAISE EXCEPTION 'a read is recorded in a transaction of an organization' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM plinth_base.add_audit_entry(
    plinth_base.current_organization_id(), p_subject_type, p_subject, 'read', NULL, NULL, false);
END
$$;
COMMENT ON FUNCTION plinth_base.record_read(text, uuid) IS
  'Notes that who acts has read something sensitive, in the transaction''s organization';

REVOKE EXECUTE ON FUNCTION plinth_base.record_change(), plinth_base.record_read(text, uuid),
  plinth_base.add_audit_entry(uuid, text, uuid, text, jsonb, jsonb, boolean) FROM PUBLIC;
DO $$
BEGIN
  EXECUTE format('GRANT EXECUTE ON FUNCTION plinth_base.record_read(text, uuid) TO %I, %I',
                 plinth_base.role_name('app'), plinth_base.role_name('reader'));
END
$$;

SELECT plinth_base.audit('plinth_base.organizations');
SELECT plinth_base.audit('plinth_base.users');
SELECT plinth_base.audit('plinth_base.organization_members');
SELECT plinth_base.audit('plinth_base.workspaces');
SELECT plinth_base.audit('plinth_base.workspace_members');
SELECT plinth_base.audit('plinth_base.invitations', p_secret => '{token_hash}', p_sensitive => true);
