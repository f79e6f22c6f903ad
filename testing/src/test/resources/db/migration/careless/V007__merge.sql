MERGE INTO plinth_careless.things t USING (VALUES (1, 'one')) AS n (id, name) ON t.id = n.id
WHEN MATCHED THEN UPDATE SET name = n.name;
