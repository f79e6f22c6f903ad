VACUUM plinth_cascading.things;
