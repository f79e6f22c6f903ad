package dev.plinth.host;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.chat.Channel;
import dev.plinth.tasks.chat.Conversation;
import dev.plinth.tasks.chat.Message;
import dev.plinth.tasks.chat.MessageText;
import dev.plinth.tasks.chat.NewChannel;
import dev.plinth.tasks.chat.NewMessage;
import java.util.List;
import java.util.Set;

/** Development data of chat: a channel that all follow, and a conversation of two. */
final class ChatSeed {

  private final Plinth plinth;
  private final TasksModule tasks;
  private final Member owner;

  ChatSeed(Hosted hosted, Member owner) {
    this.plinth = hosted.plinth();
    this.tasks = hosted.tasks();
    this.owner = owner;
  }

  void plant(List<Member> members) {
    plinth.as(owner).run(this::channel);
    members.forEach(member -> plinth.as(member).run(this::follow));
    members.stream()
        .filter(member -> member.role() != MemberRole.VIEWER)
        .filter(member -> !member.userId().equals(owner.userId()))
        .findFirst()
        .ifPresent(member -> plinth.as(owner).run(tx -> talk(tx, member)));
  }

  private void channel(TenantTx tx) {
    if (tasks.channels().findByName(tx, "mission").isPresent()) {
      return;
    }
    NewChannel mission = NewChannel.named("mission").topic("How it goes");
    Channel made = tasks.channels().create(tx, mission);
    Message alarm = tasks.messages().post(tx, made.room(), NewMessage.saying("Alarm 1201"));
    tasks.messages().edit(tx, alarm.id(), alarm.version(), MessageText.of("Alarm 1202"));
    NewMessage answer = NewMessage.saying("We are go on that alarm").inReplyTo(alarm.id());
    Message last = tasks.messages().post(tx, made.room(), answer);
    tasks.messages().markRead(tx, made.room(), last.sequence());
  }

  private void follow(TenantTx tx) {
    tasks.channels().join(tx, tasks.channels().findByName(tx, "mission").orElseThrow().id());
  }

  private void talk(TenantTx tx, Member other) {
    Conversation both = tasks.conversations().open(tx, Set.of(other.userId()));
    if (both.lastSequence() == 0) {
      NewMessage question = NewMessage.saying("Did you see the alarm?").mentioning(other.userId());
      tasks.messages().post(tx, both.room(), question);
    }
  }
}
