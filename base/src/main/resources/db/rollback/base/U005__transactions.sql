DROP FUNCTION plinth_base.begin_system(text, boolean, timestamptz);
DROP FUNCTION plinth_base.begin_tenant(uuid, uuid, text, boolean, timestamptz);
DROP FUNCTION plinth_base.refuse_entry(uuid, uuid);
DROP FUNCTION plinth_base.as_setting(timestamptz);
DROP FUNCTION plinth_base.enter(text[]);
DROP FUNCTION plinth_base.session_state();
