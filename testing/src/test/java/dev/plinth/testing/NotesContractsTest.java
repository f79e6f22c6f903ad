package dev.plinth.testing;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.search.SearchQuery;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import java.util.Set;

/** The contracts on a module as a host would write one. */
@PlinthTest(NotesModule.class)
class NotesContractsTest
    implements CatalogContract, MigrationContract, TenancyContract<Notes.Written> {

  private static final PageRequest PAGE = PageRequest.first(10);

  private final Notes notes = new Notes();

  @Override
  public Notes.Written fill(Plinth plinth, Member member) {
    return plinth.as(member).call(notes::fill);
  }

  @Override
  public Set<String> privateTables() {
    return Set.of("plinth_notes.drafts");
  }

  @Override
  public void probes(Probes<Notes.Written> probes) {
    probes
        .reads("list", (tx, own, other) -> notes.list(tx, "notes"))
        .reads("readings", (tx, own, other) -> notes.readings(tx))
        .reads("drafts", (tx, own, other) -> notes.ownDrafts(tx))
        .reads("search", (tx, own, other) -> notes.search(tx, SearchQuery.of("shared"), PAGE))
        .reads("similar", (tx, own, other) -> notes.similar(tx, SearchQuery.of("share"), PAGE))
        .writes("edit", (tx, own, other) -> notes.edit(tx, own.note(), "edited"))
        .refuses("edit another's", (tx, own, other) -> notes.edit(tx, other.note(), "edited"));
  }
}
