ALTER TABLE plinth_labels.labels ADD color text;
COMMENT ON COLUMN plinth_labels.labels.color IS 'As the host writes colors';
