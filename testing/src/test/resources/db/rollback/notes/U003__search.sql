DROP FUNCTION plinth_notes.search_drafts(text, real, uuid, integer);
ALTER TABLE plinth_notes.drafts DROP COLUMN search_vector;
DROP FUNCTION plinth_notes.similar_notes(text, real, uuid, integer);
DROP FUNCTION plinth_notes.search_notes(text, real, uuid, integer);
DROP INDEX plinth_notes.notes_text_similarity_ix;
ALTER TABLE plinth_notes.notes DROP COLUMN search_vector;
