ALTER TABLE plinth_careless.things
  ADD CONSTRAINT things_other_fk FOREIGN KEY (thing_id) REFERENCES plinth_careless.things;
