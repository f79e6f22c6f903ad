ALTER TABLE plinth_careless.things DROP CONSTRAINT things_thing_fk;
