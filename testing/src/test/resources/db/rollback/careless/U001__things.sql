DROP FUNCTION plinth_careless.rename();
DROP TABLE plinth_careless.things;
