CREATE TABLE plinth_careless.things (id int PRIMARY KEY, name text, thing_id int);
-- What is made here has no rows yet.
ALTER TABLE plinth_careless.things ADD CONSTRAINT things_self_fk FOREIGN KEY (thing_id) REFERENCES plinth_careless.things;
CREATE FUNCTION plinth_careless.rename() RETURNS void LANGUAGE sql AS $$
  UPDATE plinth_careless.things SET name = 'other';
$$;
