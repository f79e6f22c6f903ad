package dev.plinth.tasks;

import dev.plinth.base.background.BackgroundWork;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.tasks.chat.Channels;
import dev.plinth.tasks.chat.Conversations;
import dev.plinth.tasks.chat.Messages;
import dev.plinth.tasks.worker.WorkerBuilder;
import dev.plinth.tasks.worker.Workers;
import java.util.List;

/**
 * Tasks that workers execute, and the board, chat and triage of the people who do the rest. Depends
 * on base alone; thread-safe.
 */
public final class TasksModule implements PlinthModule {

  private final Channels channels = new Channels();
  private final Conversations conversations = new Conversations();
  private final Messages messages = new Messages();
  private final Workers workers = new Workers();

  @Override
  public String name() {
    return "tasks";
  }

  /** Where an organization talks. */
  public Channels channels() {
    return channels;
  }

  /** What few members have among themselves. */
  public Conversations conversations() {
    return conversations;
  }

  /** What is said in channels and conversations, and how far it was read. */
  public Messages messages() {
    return messages;
  }

  @Override
  public List<BackgroundWork> backgroundWork() {
    return List.of(workers);
  }

  /** Begins to describe who does tasks in this host. */
  public WorkerBuilder worker() {
    return workers.describe();
  }
}
