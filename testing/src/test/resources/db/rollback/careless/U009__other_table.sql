DROP TABLE plinth_careless.others;
