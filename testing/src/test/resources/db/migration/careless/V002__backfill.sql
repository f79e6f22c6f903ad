UPDATE plinth_careless.things SET name = 'new';
