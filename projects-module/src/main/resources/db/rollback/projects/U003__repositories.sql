DROP TABLE plinth_projects.repositories;
