DROP FUNCTION plinth_base.make_similarity_search(regclass, name, text);
DROP FUNCTION plinth_base.make_text_search(regclass, name, text, regconfig);
DROP FUNCTION plinth_base.make_search(regclass, text, text, text);
DROP FUNCTION plinth_base.extension_schema(name);

-- What the host had before is not here, and what the host uses meanwhile stays.
DO $$
DECLARE
  extension name;
BEGIN
  FOR extension IN
    SELECT e.extname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
    WHERE n.nspname = 'plinth_extensions' AND e.extname IN ('btree_gin', 'pg_trgm')
  LOOP
    BEGIN
      EXECUTE format('DROP EXTENSION %I', extension);
    EXCEPTION WHEN dependent_objects_still_exist THEN
      RAISE NOTICE 'extension % stays in plinth_extensions: something of the host''s depends on it', extension;
    END;
  END LOOP;
  BEGIN
    DROP SCHEMA IF EXISTS plinth_extensions;
  EXCEPTION WHEN dependent_objects_still_exist THEN
    RAISE NOTICE 'schema plinth_extensions stays: there is something in it';
  END;
END
$$;
