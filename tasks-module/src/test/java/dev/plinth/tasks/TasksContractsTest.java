package dev.plinth.tasks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.tasks.board.BoardContent;
import dev.plinth.tasks.chat.ChatContent;
import dev.plinth.tasks.queue.QueueContent;
import dev.plinth.tasks.schedule.ScheduleContent;
import dev.plinth.tasks.triage.TriageContent;
import dev.plinth.tasks.workflow.WorkflowContent;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Probes;
import dev.plinth.testing.TenancyContract;
import java.util.Set;

/** The standing contracts, on every table of this module; each capability brings its own. */
@PlinthTest(TasksModule.class)
class TasksContractsTest
    implements CatalogContract, MigrationContract, TenancyContract<TasksContractsTest.Written> {

  record Written(
      QueueContent.Written queue,
      WorkflowContent.Written workflow,
      ScheduleContent.Written schedule,
      BoardContent.Written board,
      ChatContent.Written chat,
      TriageContent.Written triage) {}

  @Override
  public Written fill(Plinth plinth, Member member) {
    return new Written(
        QueueContent.fill(plinth, member),
        WorkflowContent.fill(plinth, member),
        ScheduleContent.fill(plinth, member),
        BoardContent.fill(plinth, member),
        ChatContent.fill(plinth, member),
        TriageContent.fill(plinth, member));
  }

  @Override
  public Set<String> privateTables() {
    return ChatContent.PRIVATE_TABLES;
  }

  @Override
  public void probes(Probes<Written> probes) {
    QueueContent.probes(probes, Written::queue);
    WorkflowContent.probes(probes, Written::workflow);
    ScheduleContent.probes(probes, Written::schedule);
    BoardContent.probes(probes, Written::board);
    ChatContent.probes(probes, Written::chat);
    TriageContent.probes(probes, Written::triage);
  }
}
