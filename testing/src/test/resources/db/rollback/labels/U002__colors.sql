ALTER TABLE plinth_labels.labels DROP color;
