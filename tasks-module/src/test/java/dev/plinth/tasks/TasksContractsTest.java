package dev.plinth.tasks;

import static dev.plinth.tasks.jooq.Tables.TASK_DEFINITIONS;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.tasks.chat.ChatContent;
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

  record Written(ChatContent.Written chat) {}

  @Override
  public Written fill(Plinth plinth, Member member) {
    plinth
        .as(member)
        .run(
            tx ->
                tx.dsl()
                    .insertInto(TASK_DEFINITIONS)
                    .set(TASK_DEFINITIONS.ORGANIZATION_ID, tx.organizationId())
                    .set(TASK_DEFINITIONS.NAME, "mail")
                    .set(TASK_DEFINITIONS.HANDLER, "mail")
                    .execute());
    return new Written(ChatContent.fill(plinth, member));
  }

  @Override
  public Set<String> privateTables() {
    return ChatContent.PRIVATE_TABLES;
  }

  @Override
  public void probes(Probes<Written> probes) {
    probes.reads(
        "definitions",
        (tx, own, other) ->
            tx.dsl()
                .select(TASK_DEFINITIONS.NAME)
                .from(TASK_DEFINITIONS)
                .where(TASK_DEFINITIONS.ORGANIZATION_ID.eq(tx.organizationId()))
                .fetchSet(TASK_DEFINITIONS.NAME));
    ChatContent.probes(probes, Written::chat);
  }
}
