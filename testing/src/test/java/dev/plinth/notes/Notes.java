package dev.plinth.notes;

import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.tenancy.TenantTx;
import java.util.List;
import java.util.UUID;

/** The service of the notes, with one careful and one careless way to do each thing. */
public final class Notes {

  /** What was written for one organization. */
  public record Written(UUID note, UUID draft) {}

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
