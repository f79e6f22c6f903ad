DROP TABLE plinth_base.users;
