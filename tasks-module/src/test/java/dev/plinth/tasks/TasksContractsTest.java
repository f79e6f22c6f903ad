package dev.plinth.tasks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.tasks.board.BoardContent;
import dev.plinth.tasks.queue.QueueContent;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Probes;
import dev.plinth.testing.TenancyContract;

/** The standing contracts, on every table of this module. */
@PlinthTest(TasksModule.class)
class TasksContractsTest
    implements CatalogContract, MigrationContract, TenancyContract<TasksContractsTest.Written> {

  record Written(QueueContent.Written queue) {}

  @Override
  public Written fill(Plinth plinth, Member member) {
    return new Written(QueueContent.fill(plinth, member));
  record Written(BoardContent.Written board) {}

  @Override
  public Written fill(Plinth plinth, Member member) {
    return new Written(BoardContent.fill(plinth, member));
  }

  @Override
  public void probes(Probes<Written> probes) {
    QueueContent.probes(probes, Written::queue);
    BoardContent.probes(probes, Written::board);
  }
}
