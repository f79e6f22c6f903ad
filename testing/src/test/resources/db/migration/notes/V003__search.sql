-- Search as a module asks base for it: words in shared notes and in drafts, and notes that resemble each other.

ALTER TABLE plinth_notes.notes
  ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (to_tsvector('pg_catalog.simple', text)) STORED;
SELECT plinth_base.make_text_search('plinth_notes.notes', 'search_vector');
SELECT plinth_base.make_similarity_search('plinth_notes.notes', 'text');

ALTER TABLE plinth_notes.drafts
  ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (to_tsvector('pg_catalog.english', text)) STORED;
SELECT plinth_base.make_text_search('plinth_notes.drafts', 'search_vector', p_configuration => 'english');
