DROP TABLE plinth_base.invitations;
DROP FUNCTION plinth_base.guard_invitation();
DROP FUNCTION plinth_base.current_user_may_give(text);
