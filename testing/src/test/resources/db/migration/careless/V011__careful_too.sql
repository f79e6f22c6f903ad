-- Looks at no row, or at those that it opened; says update plinth_careless.things set only in words.
ALTER TABLE plinth_careless.things NO FORCE ROW LEVEL SECURITY;
DO $$
BEGIN
  UPDATE plinth_careless.things t SET name = 'block' WHERE t.name IS DISTINCT FROM plinth_base.role_prefix();
END
$$;
INSERT INTO plinth_careless.things (id, name) SELECT id + 2000, name FROM plinth_careless.things;
ALTER TABLE plinth_careless.things FORCE ROW LEVEL SECURITY;
INSERT INTO plinth_careless.things (id, name) VALUES (3000, 'update plinth_careless.things set name')
  ON CONFLICT (id) DO UPDATE SET name = excluded.name;
CREATE TRIGGER things_rename BEFORE UPDATE OF name ON plinth_careless.things
  FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
