INSERT INTO plinth_careless.things (id, name)
SELECT id + 1000, name FROM plinth_careless.things WHERE name = 'copied';
