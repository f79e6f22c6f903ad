ALTER TABLE plinth_careless.things ADD CONSTRAINT things_thing_fk FOREIGN KEY (thing_id) REFERENCES plinth_cascading.things NOT VALID;
