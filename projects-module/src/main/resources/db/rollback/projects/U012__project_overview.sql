DROP VIEW plinth_projects.project_overview;
