CREATE TABLE plinth_cascading.things (id int PRIMARY KEY);
