CREATE TABLE plinth_careless.others (id int PRIMARY KEY);
ALTER TABLE plinth_careless.others NO FORCE ROW LEVEL SECURITY;
UPDATE plinth_careless.things SET name = 'newer';
ALTER TABLE plinth_careless.others FORCE ROW LEVEL SECURITY;
