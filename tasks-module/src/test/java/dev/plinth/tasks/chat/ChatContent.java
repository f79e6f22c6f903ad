package dev.plinth.tasks.chat;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.NotFoundException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.NewMember;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import dev.plinth.testing.Probes;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Rows in every table of the chat, and calls of its services, for the standing contracts. */
public final class ChatContent {

  /** Tables of which a user sees only what is private to that user. */
  public static final Set<String> PRIVATE_TABLES =
      Set.of("plinth_tasks.chat_conversations", "plinth_tasks.chat_reads");

  private static final PageRequest PAGE = PageRequest.first(10);

  private static final Channels CHANNELS = new Channels();
  private static final Conversations CONVERSATIONS = new Conversations();
  private static final Messages MESSAGES = new Messages();

  /** What one organization has; the conversation is of its owner and of a friend. */
  public record Written(
      UUID user, UUID friend, UUID channel, UUID conversation, UUID said, UUID whispered) {}

  private ChatContent() {}

  public static Written fill(Plinth plinth, Member member) {
    UUID friend = friend(plinth, member);
    return plinth
        .as(member)
        .call(
            tx -> {
              Channel channel = CHANNELS.create(tx, NewChannel.named("general"));
              Conversation both = CONVERSATIONS.open(tx, Set.of(friend));
              Message said = MESSAGES.post(tx, channel.room(), NewMessage.saying("Hello all"));
              Message whispered = MESSAGES.post(tx, both.room(), NewMessage.saying("Hello you"));
              MESSAGES.edit(tx, said.id(), 1, MessageText.of("Hello everybody"));
              MESSAGES.edit(tx, whispered.id(), 1, MessageText.of("Hello my friend"));
              MESSAGES.post(tx, channel.room(), NewMessage.saying("Yes?").inReplyTo(said.id()));
              return new Written(
                  member.userId(), friend, channel.id(), both.id(), said.id(), whispered.id());
            });
  }

  public static <T> void probes(Probes<T> probes, Function<T, Written> of) {
    readsOfChannels(probes, of);
    readsOfConversations(probes, of);
    writes(probes, of);
    refusals(probes, of);
    refusalsOfMessages(probes, of);
  }

  private static UUID friend(Plinth plinth, Member member) {
    User user =
        plinth
            .asSystem("test")
            .call(tx -> plinth.users().create(tx, NewUser.named("friend-" + UUID.randomUUID())));
    NewMember friend = NewMember.of(user.id(), MemberRole.DEVELOPER, "Friend");
    return plinth.as(member).call(tx -> plinth.members().add(tx, friend)).userId();
  }

  private static <T> void readsOfChannels(Probes<T> probes, Function<T, Written> of) {
    probes
        .reads("channel", (tx, own, other) -> CHANNELS.get(tx, of.apply(own).channel()))
        .reads("channel by name", (tx, own, other) -> CHANNELS.findByName(tx, "general"))
        .reads("channels", (tx, own, other) -> CHANNELS.list(tx, PAGE))
        .reads(
            "channel members",
            (tx, own, other) -> CHANNELS.members(tx, of.apply(own).channel(), PAGE))
        .reads(
            "messages of a channel",
            (tx, own, other) -> MESSAGES.list(tx, Room.channel(of.apply(own).channel()), PAGE))
        .reads("thread", (tx, own, other) -> MESSAGES.thread(tx, of.apply(own).said(), PAGE))
        .reads("history", (tx, own, other) -> MESSAGES.history(tx, of.apply(own).said(), PAGE));
  }

  /** Of which another user of the organization sees nothing, without the policies too. */
  private static <T> void readsOfConversations(Probes<T> probes, Function<T, Written> of) {
    probes
        .reads("conversations", (tx, own, other) -> CONVERSATIONS.list(tx, PAGE))
        .reads("unread", (tx, own, other) -> MESSAGES.unread(tx, PAGE))
        .reads(
            "conversation",
            (tx, own, other) -> seen(() -> CONVERSATIONS.get(tx, of.apply(own).conversation())))
        .reads(
            "messages of a conversation",
            (tx, own, other) ->
                seen(
                    () -> MESSAGES.list(tx, Room.conversation(of.apply(own).conversation()), PAGE)))
        .reads(
            "message of a conversation",
            (tx, own, other) -> seen(() -> MESSAGES.get(tx, of.apply(own).whispered())))
        .reads(
            "history of a conversation",
            (tx, own, other) -> seen(() -> MESSAGES.history(tx, of.apply(own).whispered(), PAGE)));
  }

  private static Object seen(Supplier<Object> read) {
    try {
      return read.get();
    } catch (NotFoundException e) {
      return List.of();
    }
  }

  private static <T> void writes(Probes<T> probes, Function<T, Written> of) {
    probes
        .writes("make a channel", (tx, own, other) -> CHANNELS.create(tx, NewChannel.named("new")))
        .writes(
            "archive and reopen",
            (tx, own, other) -> {
              CHANNELS.archive(tx, of.apply(own).channel(), 1);
              return CHANNELS.reopen(tx, of.apply(own).channel(), 2);
            })
        .writes(
            "leave and join",
            (tx, own, other) -> {
              CHANNELS.leave(tx, of.apply(own).channel());
              CHANNELS.join(tx, of.apply(own).channel());
              return "joined";
            })
        .writes(
            "open a conversation",
            (tx, own, other) -> CONVERSATIONS.open(tx, Set.of(of.apply(own).friend())))
        .writes(
            "post, edit and delete",
            (tx, own, other) -> {
              Room room = Room.conversation(of.apply(own).conversation());
              NewMessage mention = NewMessage.saying("You").mentioning(of.apply(own).friend());
              Message posted = MESSAGES.post(tx, room, mention);
              MESSAGES.edit(tx, posted.id(), 1, MessageText.of("You there"));
              return MESSAGES.delete(tx, posted.id(), 2);
            })
        .writes(
            "mark read",
            (tx, own, other) -> {
              MESSAGES.markRead(tx, Room.channel(of.apply(own).channel()), 1);
              return MESSAGES.markRead(tx, Room.conversation(of.apply(own).conversation()), 1);
            });
  }

  private static <T> void refusals(Probes<T> probes, Function<T, Written> of) {
    probes
        .refuses(
            "another's channel", (tx, own, other) -> CHANNELS.get(tx, of.apply(other).channel()))
        .refuses(
            "update another's channel",
            (tx, own, other) ->
                CHANNELS.update(
                    tx, of.apply(other).channel(), 1, ChannelChanges.none().topic("Mine")))
        .refuses(
            "archive another's channel",
            (tx, own, other) -> CHANNELS.archive(tx, of.apply(other).channel(), 1))
        .refuses(
            "join another's channel",
            (tx, own, other) -> {
              CHANNELS.join(tx, of.apply(other).channel());
              return "joined";
            })
        .refuses(
            "members of another's channel",
            (tx, own, other) -> CHANNELS.members(tx, of.apply(other).channel(), PAGE))
        .refuses(
            "converse with a stranger",
            (tx, own, other) -> CONVERSATIONS.open(tx, Set.of(of.apply(other).user())))
        .refuses(
            "another's conversation",
            (tx, own, other) -> CONVERSATIONS.get(tx, of.apply(other).conversation()));
  }

  private static <T> void refusalsOfMessages(Probes<T> probes, Function<T, Written> of) {
    for (RoomKind kind : RoomKind.values()) {
      Function<T, Room> room =
          other ->
              kind == RoomKind.CHANNEL
                  ? Room.channel(of.apply(other).channel())
                  : Room.conversation(of.apply(other).conversation());
      Function<T, UUID> message =
          other -> kind == RoomKind.CHANNEL ? of.apply(other).said() : of.apply(other).whispered();
      probes
          .refuses(
              "post to another's " + kind,
              (tx, own, other) -> MESSAGES.post(tx, room.apply(other), NewMessage.saying("Mine")))
          .refuses(
              "list another's " + kind,
              (tx, own, other) -> MESSAGES.list(tx, room.apply(other), PAGE))
          .refuses(
              "mark another's as read, " + kind,
              (tx, own, other) -> MESSAGES.markRead(tx, room.apply(other), 1))
          .refuses(
              "another's message, " + kind,
              (tx, own, other) -> MESSAGES.get(tx, message.apply(other)))
          .refuses(
              "thread of another's message, " + kind,
              (tx, own, other) -> MESSAGES.thread(tx, message.apply(other), PAGE))
          .refuses(
              "history of another's message, " + kind,
              (tx, own, other) -> MESSAGES.history(tx, message.apply(other), PAGE))
          .refuses(
              "edit another's message, " + kind,
              (tx, own, other) ->
                  MESSAGES.edit(tx, message.apply(other), 2, MessageText.of("Mine")))
          .refuses(
              "delete another's message, " + kind,
              (tx, own, other) -> MESSAGES.delete(tx, message.apply(other), 2));
    }
  }
}
