DROP TABLE plinth_projects.repository_branches;
