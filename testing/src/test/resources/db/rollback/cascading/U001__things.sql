DROP TABLE plinth_cascading.things CASCADE;
