package dev.plinth.benchmarks.task;

import com.zaxxer.hikari.HikariDataSource;
import dev.plinth.base.Plinth;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.user.NewUser;
import dev.plinth.tasks.TasksModule;
import dev.plinth.tasks.definition.NewTaskDefinition;
import dev.plinth.tasks.queue.NewTask;
import dev.plinth.tasks.worker.TaskContext;
import dev.plinth.tasks.worker.TaskHandler;
import dev.plinth.tasks.workflow.Edge;
import dev.plinth.tasks.workflow.NewWorkflow;
import dev.plinth.tasks.workflow.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The tasks module as a host has it: a login that is no superuser, row-level security, fencing, and
 * a history of attempts.
 */
final class PlinthContender implements Contender {

  private static final String TASK = "no-op";
  private static final int THREADS = 16;
  private static final int BATCH = 1_000;
  private static final int TENANTS = 1_000;
  private static final int LAYER = 100;
  private static final int EDGES = 3;

  /** How many finished tasks are made by one statement. */
  private static final int FINISHED_BATCH = 500_000;

  private final HikariDataSource pool;
  private final TasksModule tasks = new TasksModule();
  private final Plinth plinth;
  private final boolean inTransaction;
  private final List<UUID> organizations = new ArrayList<>();

  PlinthContender(String url, boolean inTransaction) {
    this.pool = Pools.on(url);
    this.inTransaction = inTransaction;
    this.plinth = Plinth.builder().dataSource(pool).modules(tasks).build();
  }

  @Override
  public void setUp() {
    organization("acme");
  }

  private void organization(String slug) {
    UUID organization =
        plinth
            .asSystem("benchmark")
            .call(
                tx -> {
                  UUID owner = plinth.users().create(tx, NewUser.named("Alice")).id();
                  return plinth
                      .organizations()
                      .create(tx, NewOrganization.of(slug, "Acme").ownedBy(owner))
                      .id();
                });
    inTransaction(
        organization, tx -> tasks.taskDefinitions().define(tx, NewTaskDefinition.of(TASK)));
    organizations.add(organization);
  }

  private void inTransaction(UUID organization, java.util.function.Consumer<TenantTx> work) {
    plinth.asService(organization, "benchmark").run(work::accept);
  }

  @Override
  public void enqueue(int number) {
    inTransaction(organizations.get(0), tx -> tasks.tasks().enqueue(tx, task(number)));
  }

  @Override
  public void enqueueAll(int jobs) {
    enqueueAll(organizations.get(0), 0, jobs);
  }

  private void enqueueAll(UUID organization, int first, int jobs) {
    for (int from = first; from < first + jobs; from += BATCH) {
      List<NewTask> batch =
          IntStream.range(from, Math.min(from + BATCH, first + jobs))
              .mapToObj(PlinthContender::task)
              .toList();
      inTransaction(organization, tx -> tasks.tasks().enqueueAll(tx, batch));
    }
  }

  private static NewTask task(int number) {
    return NewTask.of(TASK).input(Map.of("number", number));
  }

  @Override
  public void fill(Workload workload, Scale scale) {
    switch (workload) {
      case ONE_QUEUE -> enqueueAll(scale.of(workload.jobs()));
      case TENANTS -> fillTenants(scale.of(workload.jobs()));
      case HISTORY -> {
        finished(scale.of(Workload.FINISHED));
        enqueueAll(scale.of(workload.jobs()));
      }
      case GRAPH -> graph(scale.of(workload.jobs()));
    }
  }

  /** Layers of a hundred; each node waits for three of the layer before. */
  private void graph(int jobs) {
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    for (int number = 0; number < jobs; number++) {
      nodes.add(Node.of("n" + number, TASK).input(Map.of("number", number)));
      for (int edge = 0; number >= LAYER && edge < EDGES; edge++) {
        int before = (number / LAYER - 1) * LAYER + (number + edge) % LAYER;
        edges.add(Edge.of("n" + before, "n" + number));
      }
    }
    NewWorkflow graph = NewWorkflow.dag("layers").nodes(nodes).edges(edges);
    inTransaction(organizations.get(0), tx -> tasks.workflowRuns().start(tx, graph, Map.of()));
  }

  private void fillTenants(int jobs) {
    int each = Math.max(1, jobs / TENANTS);
    for (int tenant = 1; tenant < TENANTS; tenant++) {
      organization("acme-" + tenant);
    }
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      enqueueAll(organizations.get(tenant), tenant * each, each);
    }
  }

  /** As workers leave them; half an hour's work for one. */
  private void finished(int count) {
    for (int made = 0; made < count; made += FINISHED_BATCH) {
      int more = Math.min(FINISHED_BATCH, count - made);
      inTransaction(
          organizations.get(0),
          tx ->
              tx.dsl()
                  .execute(
                      """
                      INSERT INTO plinth_tasks.tasks (organization_id, id, definition_id, queue, priority, status, turn_at,
                        started_at, finished_at, attempt, input)
                      SELECT d.organization_id, plinth_base.uuidv7(), d.id, d.queue, d.priority, 'succeeded', now(),
                        now(), now(), 1, '{"number": 1}'
                      FROM plinth_tasks.task_definitions d CROSS JOIN generate_series(1, ?)
                      """,
                      more));
    }
  }

  @Override
  public void start(IntConsumer job) {
    tasks
        .worker()
        .concurrency(THREADS)
        .handler(TASK, inTransaction ? completing(job) : working(job))
        .register();
    plinth.start();
  }

  private static TaskHandler working(IntConsumer job) {
    return task -> {
      job.accept(number(task));
      return null;
    };
  }

  /** Each in the transaction that completes it. */
  private static TaskHandler completing(IntConsumer job) {
    return task ->
        task.inTransaction(
            tx -> {
              job.accept(number(task));
              return Map.of();
            });
  }

  private static int number(TaskContext task) {
    return (int) task.input().getOrDefault("number", 0);
  }

  /** Asks indexes: a count of all would take longer than what is measured. */
  @Override
  public long unfinished() {
    return plinth
        .asSystem("benchmark")
        .read(
            tx ->
                tx.dsl()
                    .resultQuery(
                        """
                        SELECT (SELECT count(*) FROM plinth_tasks.workflow_runs WHERE status = 'running')
                          + (SELECT count(*) FROM plinth_tasks.tasks WHERE status = 'running')
                          + (SELECT count(*) FROM plinth_tasks.tasks WHERE status = 'pending' AND unmet_dependencies = 0
                               AND unhandled_at IS NULL AND NOT is_limited)
                        """)
                    .fetchOptional(0, Long.class)
                    .orElseThrow());
  }

  @Override
  public void close() {
    plinth.close();
    pool.close();
  }
}
