package dev.plinth.tasks.chat;

import static dev.plinth.tasks.jooq.Tables.CHAT_CHANNELS;

import dev.plinth.base.error.AccessDeniedException;
import dev.plinth.base.error.ConflictException;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.error.StaleVersionException;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * The channels of an organization. Every member reads all of them; everybody but viewers makes some
 * and posts; who made one, or administers the organization, names, describes and archives it: the
 * database enforces it. Who joins one has its unread messages counted. Thread-safe.
 */
public final class Channels {

  private static final String WHAT = "chat_channel";

  private final ChannelQueries queries = new ChannelQueries();
  private final ReadQueries reads = new ReadQueries();

  /**
   * Makes a channel, which who acts joins.
   *
   * @return the stored channel
   * @throws ConflictException if the name is taken, also by an archived one
   * @throws AccessDeniedException if who acts is a viewer
   */
  public Channel create(TenantTx tx, NewChannel channel) {
    tx.requireWriter();
    Channel created = queries.insert(tx, channel).orElseThrow(() -> taken(null));
    if (tx.userId().isPresent()) {
      join(tx, created.id());
    }
    tx.publish(new ChannelCreated(tx.organizationId(), created.id()));
    return created;
  }

  /**
   * The channel of an id.
   *
   * @throws NotFoundException if the organization has none
   */
  public Channel get(TenantTx tx, UUID id) {
    return queries
        .find(tx, CHAT_CHANNELS.ID.eq(id))
        .orElseThrow(() -> new NotFoundException(WHAT, id.toString(), null));
  }

  /** The channel of a name. */
  public Optional<Channel> findByName(TenantTx tx, String name) {
    return queries.find(tx, CHAT_CHANNELS.NAME.eq(name));
  }

  /**
   * All channels by name, archived ones too.
   *
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<Channel> list(TenantTx tx, PageRequest request) {
    return queries.page(tx, request);
  }

  /**
   * Changes what is named.
   *
   * @param version what the caller saw
   * @return the stored channel
   * @throws NotFoundException if there is no such channel
   * @throws StaleVersionException if it changed since
   * @throws ConflictException if the new name is taken
   * @throws AccessDeniedException if who acts neither made it nor administers the organization, or
   *     is a viewer
   * @throws dev.plinth.base.error.InvalidValueException if nothing is named
   */
  public Channel update(TenantTx tx, UUID id, int version, ChannelChanges changes) {
    return changed(tx, id, version, changes.assignments());
  }

  /**
   * Ends a channel: it can be read, and nothing is posted any more.
   *
   * @param version what the caller saw
   * @return the stored channel
   * @throws NotFoundException if there is no such channel
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException as for {@link #update}
   */
  public Channel archive(TenantTx tx, UUID id, int version) {
    return changed(tx, id, version, archivedAt(tx.now()));
  }

  /**
   * Opens an archived channel again.
   *
   * @param version what the caller saw
   * @return the stored channel
   * @throws NotFoundException if there is no such channel
   * @throws StaleVersionException if it changed since
   * @throws AccessDeniedException as for {@link #update}
   */
  public Channel reopen(TenantTx tx, UUID id, int version) {
    return changed(tx, id, version, archivedAt(null));
  }

  /**
   * Who acts follows the channel from now on; what was posted before counts as read. Viewers may.
   *
   * @throws NotFoundException if there is no such channel
   * @throws AccessDeniedException if no user acts
   */
  public void join(TenantTx tx, UUID id) {
    user(tx);
    Channel channel = get(tx, id);
    if (queries.join(tx, id)) {
      reads.advanceInChannel(tx, id, channel.lastSequence());
    }
  }

  /**
   * Who acts follows the channel no more.
   *
   * @throws NotFoundException if there is no such channel
   * @throws AccessDeniedException if no user acts
   */
  public void leave(TenantTx tx, UUID id) {
    UUID user = user(tx);
    get(tx, id);
    queries.leave(tx, id, user);
  }

  /**
   * Who follows a channel, without those who left the organization, in the order in which their
   * users were made.
   *
   * @throws NotFoundException if there is no such channel
   * @throws dev.plinth.base.error.InvalidCursorException if the cursor is of another list
   */
  public Page<ChannelMember> members(TenantTx tx, UUID id, PageRequest request) {
    get(tx, id);
    return queries.members(tx, id, request);
  }

  private Channel changed(
      TenantTx tx, UUID id, int version, Map<Field<?>, @Nullable Object> changes) {
    tx.requireWriter();
    Channel before = get(tx, id);
    if (!tx.role().administers() && !before.createdBy().equals(tx.userId())) {
      throw new AccessDeniedException(
          "a channel is changed by who made it or administers the organization", null);
    }
    Channel after = queries.update(tx, id, version, changes).orElseThrow(() -> stale(id, version));
    tx.publish(new ChannelChanged(tx.organizationId(), id));
    return after;
  }

  private static Map<Field<?>, @Nullable Object> archivedAt(@Nullable Instant time) {
    Map<Field<?>, @Nullable Object> changes = new HashMap<>();
    changes.put(CHAT_CHANNELS.ARCHIVED_AT, time);
    return changes;
  }

  private static UUID user(TenantTx tx) {
    return tx.userId()
        .orElseThrow(() -> new AccessDeniedException("users follow channels, and none acts", null));
  }

  private static ConflictException taken(@Nullable Throwable cause) {
    return new ConflictException("chat_channels", "name", "chat_channels_name_uq", cause);
  }

  private static StaleVersionException stale(UUID id, int version) {
    return new StaleVersionException(WHAT, id.toString(), version, null);
  }
}
