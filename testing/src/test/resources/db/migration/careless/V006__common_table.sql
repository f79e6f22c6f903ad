WITH newest AS (SELECT max(id) AS id FROM plinth_careless.things)
UPDATE plinth_careless.things t SET name = 'newest' FROM newest WHERE t.id = newest.id;
