DROP TABLE plinth_base.organization_members;
DROP FUNCTION plinth_base.guard_membership();
