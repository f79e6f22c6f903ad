DROP FUNCTION plinth_base.current_user_manages_workspace(uuid, uuid);
DROP TABLE plinth_base.workspace_members;
DROP TABLE plinth_base.workspaces;
DROP FUNCTION plinth_base.guard_workspace_membership();
DROP FUNCTION plinth_base.guard_workspace();
