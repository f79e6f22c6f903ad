CREATE FUNCTION plinth_base.litter() RETURNS int LANGUAGE sql AS 'SELECT 1';
