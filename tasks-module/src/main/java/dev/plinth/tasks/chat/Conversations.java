package dev.plinth.tasks.chat;

import static dev.plinth.tasks.jooq.Tables.CHAT_CONVERSATIONS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Private conversations. Only their participants see one: not the owner or an admin of the
 * organization, not its machinery, not the system. To everybody else one that is there and one that
 * is not are the same; the database enforces it. Thread-safe.
 */
public final class Conversations {

  /** The most participants of one. */
  public static final int MAX_PARTICIPANTS = 50;

  private static final String WHAT = "chat_conversation";

  private final ConversationQueries queries = new ConversationQueries();

  /**
   * The conversation of who acts with others: there is one for each set of participants, also when
   * all of them open it at once.
   *
   * @param others with or without who acts
   * @return the stored conversation, new or not
   * @throws NotFoundException if one of them is no active member
   * @throws AccessDeniedException if no user acts, or a viewer
   * @throws InvalidValueException if there is no other, or more than {@value #MAX_PARTICIPANTS}
   */
  public Conversation open(TenantTx tx, Set<UUID> others) {
    UUID user = participant(tx);
    tx.requireWriter();
    UUID[] participants = canonical(user, others);
    for (UUID stranger : queries.strangers(tx, Set.of(participants))) {
      throw new NotFoundException("member", stranger.toString(), null);
    }
    Optional<Conversation> opened = queries.insert(tx, participants);
    opened.ifPresent(it -> tx.publish(new ConversationOpened(tx.organizationId(), it.id())));
    return opened
        .or(() -> queries.find(tx, user, CHAT_CONVERSATIONS.PARTICIPANT_IDS.eq(participants)))
        .orElseThrow(() -> new NotFoundException(WHAT, "of these participants", null));
  }

  /**
   * The conversation of an id.
   *
   * @throws NotFoundException if who acts takes part in none of that id
   */
  public Conversation get(TenantTx tx, UUID id) {
    return tx.userId()
        .flatMap(user -> queries.find(tx, user, CHAT_CONVERSATIONS.ID.eq(id)))
        .orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /**
   * In which conversations who acts takes part, the one with the newest message first. What gets a
   * message between two pages moves to the front.
   *
   * @throws AccessDeniedException if no user acts
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list or user
   */
  public Page<Conversation> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, participant(tx), request);
  }

  /** As the database sorts them, which UUID's own order is not. */
  private static UUID[] canonical(UUID user, Set<UUID> others) {
    Set<UUID> all = new HashSet<>(others);
    all.add(user);
    if (all.size() < 2 || all.size() > MAX_PARTICIPANTS) {
      throw new InvalidValueException(
          "others", "must be 1 to " + (MAX_PARTICIPANTS - 1) + " besides who acts");
    }
    return all.stream().sorted(Comparator.comparing(UUID::toString)).toArray(UUID[]::new);
  }

  private static UUID participant(TenantTx tx) {
    return tx.userId()
        .orElseThrow(
            () -> new AccessDeniedException("conversations are of users, and none acts", null));
  }
}
