package dev.plinth.tasks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.tasks.schedule.ScheduleContent;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Probes;
import dev.plinth.testing.TenancyContract;

/** The standing contracts, on every table of this module. */
@PlinthTest(TasksModule.class)
class TasksContractsTest
    implements CatalogContract, MigrationContract, TenancyContract<TasksContractsTest.Written> {

  record Written(ScheduleContent.Written schedule) {}

  @Override
  public Written fill(Plinth plinth, Member member) {
    return new Written(ScheduleContent.fill(plinth, member));
  }

  @Override
  public void probes(Probes<Written> probes) {
    ScheduleContent.probes(probes, Written::schedule);
  }
}
