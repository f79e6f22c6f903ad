DO $$
BEGIN
  IF true THEN
    EXECUTE 'DELETE FROM plinth_careless.things WHERE name = ''old''';
  END IF;
END
$$;
