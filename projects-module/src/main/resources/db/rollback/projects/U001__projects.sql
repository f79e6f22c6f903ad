DROP TABLE plinth_projects.projects;
DROP FUNCTION plinth_projects.guard_project_status();
