package dev.plinth.notes;

import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.search.Search;
import dev.plinth.base.search.SearchQuery;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The service of the notes, with one careful and one careless way to do each thing. */
public final class Notes {

  /** What was written for one organization. */
  public record Written(UUID note, UUID draft) {}

  private static final Search NOTES = Search.by("plinth_notes", "search_notes");
  private static final Search SIMILAR = Search.by("plinth_notes", "similar_notes");
  private static final Search DRAFTS = Search.by("plinth_notes", "search_drafts");

  public Page<String> search(TenantTx tx, SearchQuery query, PageRequest request) {
    return NOTES.page(tx, query, request, ids -> texts(tx, "notes", ids));
  }

  public Page<String> similar(TenantTx tx, SearchQuery query, PageRequest request) {
    return SIMILAR.page(tx, query, request, ids -> texts(tx, "notes", ids));
  }

  public Page<String> searchDrafts(TenantTx tx, SearchQuery query, PageRequest request) {
    return DRAFTS.page(tx, query, request, ids -> texts(tx, "drafts", ids));
  }

  private static Map<UUID, String> texts(TenantTx tx, String table, List<UUID> ids) {
    return tx.dsl()
        .fetch(
            "SELECT id, text FROM plinth_notes."
                + table
                + " WHERE organization_id = ? AND id = ANY (?)",
            tx.organizationId(),
            ids.toArray(UUID[]::new))
        .intoMap(row -> row.get(0, UUID.class), row -> row.get(1, String.class));
  }

  public UUID write(TenantTx tx, String table, String text) {
    return tx.dsl()
        .fetchSingle(
            "INSERT INTO plinth_notes."
                + table
                + " (organization_id, author_id, text) VALUES (?, ?, ?) RETURNING id",
            tx.organizationId(),
            tx.userId().orElseThrow(),
            text)
        .get(0, UUID.class);
  }

  public Written fill(TenantTx tx) {
    UUID note = write(tx, "notes", "shared");
    tx.dsl()
        .execute(
            "INSERT INTO plinth_notes.readings (organization_id, note_id) VALUES (?, ?)",
            tx.organizationId(),
            note);
    return new Written(note, write(tx, "drafts", "mine"));
  }

  public List<String> list(TenantTx tx, String table) {
    return tx.dsl()
        .fetch(
            "SELECT text FROM plinth_notes." + table + " WHERE organization_id = ?",
            tx.organizationId())
        .getValues(0, String.class);
  }

  public int readings(TenantTx tx) {
    return tx.dsl()
        .fetchSingle(
            "SELECT count(*)::int FROM plinth_notes.readings WHERE organization_id = ?",
            tx.organizationId())
        .get(0, Integer.class);
  }

  /** Drafts of the user, said by the statement and not by the policy alone. */
  public List<String> ownDrafts(TenantTx tx) {
    return tx.dsl()
        .fetch(
            "SELECT text FROM plinth_notes.drafts WHERE organization_id = ? AND author_id = ?",
            tx.organizationId(),
            tx.userId().orElse(null))
        .getValues(0, String.class);
  }

  public List<String> listCarelessly(TenantTx tx) {
    return tx.dsl().fetch("SELECT text FROM plinth_notes.notes").getValues(0, String.class);
  }

  public int edit(TenantTx tx, UUID note, String text) {
    int rows =
        tx.dsl()
            .execute(
                "UPDATE plinth_notes.notes SET text = ? WHERE organization_id = ? AND id = ?",
                text,
                tx.organizationId(),
                note);
    if (rows == 0) {
      throw new NotFoundException("note", note.toString(), null);
    }
    return rows;
  }

  public int editCarelessly(TenantTx tx, String text) {
    return tx.dsl().execute("UPDATE plinth_notes.notes SET text = ?", text);
  }
}
