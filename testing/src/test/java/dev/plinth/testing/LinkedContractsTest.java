package dev.plinth.testing;

import dev.plinth.labels.LabelsModule;
import dev.plinth.notes.NotesModule;

/** The contracts on two modules with a link between them. */
@PlinthTest({LabelsModule.class, NotesModule.class})
class LinkedContractsTest implements CatalogContract, MigrationContract {}
