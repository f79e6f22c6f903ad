-- Where both modules are there, a work item is of a project that is there. Work items from before stay as they are.
ALTER TABLE plinth_tasks.work_items ADD CONSTRAINT work_items_project_fk FOREIGN KEY (organization_id, project_id)
  REFERENCES plinth_projects.projects (organization_id, id) NOT VALID;
