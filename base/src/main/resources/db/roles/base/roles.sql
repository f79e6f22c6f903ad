-- The three roles that Plinth's work is done as. They belong to the whole server, not to one database, so this is no
-- migration: migrate() runs it first, every time, and a DBA may run it in its place.
--
-- Settings it reads: plinth.role_prefix (default: plinth) and plinth.host_login (the login that runs the application).
-- Who runs it needs CREATEROLE only where something is missing.
DO $$
DECLARE
  prefix text := coalesce(nullif(current_setting('plinth.role_prefix', true), ''), 'plinth');
  logins text[] := ARRAY(SELECT current_user::text
                         UNION SELECT coalesce(nullif(current_setting('plinth.host_login', true), ''), current_user));
  modern boolean := current_setting('server_version_num')::int >= 160000;
  role_name text;
  login text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY[prefix || '_app', prefix || '_reader', prefix || '_system'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', role_name);
    END IF;
    FOREACH login IN ARRAY logins LOOP
      IF NOT pg_catalog.pg_has_role(login, role_name, CASE WHEN modern THEN 'SET' ELSE 'MEMBER' END) THEN
        EXECUTE format('GRANT %I TO %I %s', role_name, login,
                       CASE WHEN modern THEN 'WITH INHERIT FALSE, SET TRUE' ELSE '' END);
      END IF;
    END LOOP;
  END LOOP;
  FOREACH login IN ARRAY logins LOOP
    IF NOT modern AND (SELECT r.rolinherit AND NOT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = login) THEN
      RAISE WARNING 'before PostgreSQL 16 a login inherits what it is granted: ALTER ROLE % NOINHERIT, '
        'or its own statements see every organization', quote_ident(login);
    END IF;
  END LOOP;
END
$$;
