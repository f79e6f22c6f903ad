package dev.plinth.tasks;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.tasks.workflow.WorkflowContent;
import dev.plinth.testing.CatalogContract;
import dev.plinth.testing.MigrationContract;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.Probes;
import dev.plinth.testing.TenancyContract;

/** The standing contracts, on every table of this module. */
@PlinthTest(TasksModule.class)
class TasksContractsTest
    implements CatalogContract, MigrationContract, TenancyContract<TasksContractsTest.Written> {

  record Written(WorkflowContent.Written workflow) {}

  @Override
  public Written fill(Plinth plinth, Member member) {
    return new Written(WorkflowContent.fill(plinth, member));
  }

  @Override
  public void probes(Probes<Written> probes) {
    WorkflowContent.probes(probes, Written::workflow);
  }
}
