package dev.plinth.tasks.board;

import static dev.plinth.tasks.jooq.Tables.WORK_ITEM_TRANSITIONS;

import dev.plinth.base.page.Keyset;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.tasks.jooq.tables.records.WorkItemTransitionsRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The SQL of transitions, which triggers write. */
final class TransitionQueries {

  private static final String BY_VERSION = "work-item-transitions-by-version";

  Page<WorkItemTransition> page(TenantTx tx, UUID item, PageRequest request) {
    Keyset keyset = Keyset.of(BY_VERSION, item, tx.organizationId());
    List<WorkItemTransition> rows =
        tx.dsl()
            .selectFrom(WORK_ITEM_TRANSITIONS)
            .where(
                WORK_ITEM_TRANSITIONS.ORGANIZATION_ID.eq(tx.organizationId()),
                WORK_ITEM_TRANSITIONS.WORK_ITEM_ID.eq(item),
                keyset.after(request, WORK_ITEM_TRANSITIONS.ITEM_VERSION, Integer::valueOf))
            .orderBy(WORK_ITEM_TRANSITIONS.ITEM_VERSION)
            .limit(request.limit() + 1)
            .fetch(TransitionQueries::transition);
    return keyset.page(rows, request, row -> List.of(Integer.toString(row.itemVersion())));
  }

  private static WorkItemTransition transition(WorkItemTransitionsRecord row) {
    return new WorkItemTransition(
        row.getOrganizationId(),
        row.getId(),
        row.getWorkItemId(),
        row.getItemVersion(),
        fields(row.getChanged()),
        row.getProjectId(),
        row.getStatus(),
        new Assignment(row.getAssignedRole(), row.getAssigneeId()),
        new Schedule(row.getStartAt(), row.getEndAt()),
        row.getPoints(),
        row.getIsDeleted(),
        row.getAuthorId(),
        row.getCreatedAt());
  }

  private static Set<TransitionField> fields(String[] words) {
    return Arrays.stream(words)
        .map(word -> TransitionField.valueOf(word.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toSet());
  }
}
