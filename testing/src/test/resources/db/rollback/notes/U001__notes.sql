SELECT plinth_base.unpartition('plinth_notes.readings');
DROP TABLE plinth_notes.readings;
DROP TABLE plinth_notes.drafts;
DROP TABLE plinth_notes.notes;
