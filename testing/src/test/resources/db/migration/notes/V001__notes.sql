-- What a host's own module looks like: shared notes, drafts that only their author sees, and a log in partitions.

CREATE TABLE plinth_notes.notes (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  author_id uuid NOT NULL,
  text text NOT NULL,
  label_id uuid,
  CONSTRAINT notes_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT notes_author_fk FOREIGN KEY (organization_id, author_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id),
  CONSTRAINT notes_text_ck CHECK (text <> '')
);
COMMENT ON TABLE plinth_notes.notes IS 'Seen by the whole organization';
COMMENT ON COLUMN plinth_notes.notes.label_id IS 'A label, where that module is there';
SELECT plinth_base.protect('plinth_notes.notes');

CREATE TABLE plinth_notes.drafts (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  author_id uuid NOT NULL,
  text text NOT NULL,
  CONSTRAINT drafts_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT drafts_author_fk FOREIGN KEY (organization_id, author_id)
    REFERENCES plinth_base.organization_members (organization_id, user_id)
);
COMMENT ON TABLE plinth_notes.drafts IS 'Seen by their author only';
SELECT plinth_base.protect('plinth_notes.drafts',
  p_visible_if => 'author_id = plinth_base.current_user_id()',
  p_writable_if => 'author_id = plinth_base.current_user_id()');

CREATE TABLE plinth_notes.readings (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  note_id uuid NOT NULL,
  CONSTRAINT readings_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT readings_note_fk FOREIGN KEY (organization_id, note_id)
    REFERENCES plinth_notes.notes (organization_id, id)
) PARTITION BY RANGE (id);
COMMENT ON TABLE plinth_notes.readings IS 'Who read what: append-only';
SELECT plinth_base.protect('plinth_notes.readings', p_app_may => 'INSERT');
SELECT plinth_base.partition('plinth_notes.readings', 'month', p_ahead => 1, p_keep => '90 days');
