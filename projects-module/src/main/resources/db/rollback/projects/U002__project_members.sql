DROP TABLE plinth_projects.project_members;
