ALTER TABLE plinth_notes.notes DROP CONSTRAINT notes_label_fk;
