ALTER TABLE plinth_careless.things NO FORCE ROW LEVEL SECURITY;
UPDATE plinth_careless.things SET name = 'newer';
ALTER TABLE plinth_careless.things FORCE ROW LEVEL SECURITY;
DELETE FROM plinth_careless.things WHERE name = 'older';
