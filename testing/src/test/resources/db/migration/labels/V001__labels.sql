-- What things may be marked with.

CREATE TABLE plinth_labels.labels (
  organization_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT plinth_base.uuidv7(),
  name text NOT NULL,
  CONSTRAINT labels_id_pk PRIMARY KEY (organization_id, id),
  CONSTRAINT labels_organization_fk FOREIGN KEY (organization_id) REFERENCES plinth_base.organizations (id)
);
COMMENT ON TABLE plinth_labels.labels IS 'Seen by the whole organization';
SELECT plinth_base.protect('plinth_labels.labels');
