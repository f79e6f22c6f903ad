DROP TRIGGER things_rename ON plinth_careless.things;
