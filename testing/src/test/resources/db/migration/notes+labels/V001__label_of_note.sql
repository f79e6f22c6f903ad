-- Where both modules are there, a note names a label that is there. Notes from before stay as they are.
ALTER TABLE plinth_notes.notes ADD CONSTRAINT notes_label_fk FOREIGN KEY (organization_id, label_id)
  REFERENCES plinth_labels.labels (organization_id, id) NOT VALID;
