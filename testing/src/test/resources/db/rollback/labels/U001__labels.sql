DROP TABLE plinth_labels.labels;
