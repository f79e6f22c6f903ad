-- Where both modules are there, a task is for a project that is there. Tasks from before stay as they are; those that name
-- none cost nothing.
ALTER TABLE plinth_tasks.tasks ADD CONSTRAINT tasks_project_fk FOREIGN KEY (organization_id, project_id)
  REFERENCES plinth_projects.projects (organization_id, id) NOT VALID;
