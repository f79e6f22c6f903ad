ALTER TABLE plinth_careless.things VALIDATE CONSTRAINT things_thing_fk;
