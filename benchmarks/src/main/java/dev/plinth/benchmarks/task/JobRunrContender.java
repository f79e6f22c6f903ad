package dev.plinth.benchmarks.task;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.jspecify.annotations.Nullable;

/** JobRunr with job requests, which it need not find out by reading byte code. */
final class JobRunrContender implements Contender {

  private static final int WORKERS = 16;

  /** It refuses less; its default is 15 s. A worker that becomes free looks at once. */
  private static final Duration POLL = Duration.ofSeconds(5);

  private final HikariDataSource pool;
  private final JsonMapper json = new Jackson3JsonMapper();
  private final StorageProvider storage;
  private final JobRequestScheduler scheduler;
  private @Nullable BackgroundJobServer server;

  JobRunrContender(String url) {
    this.pool = Pools.on(url);
    this.storage = new PostgresStorageProvider(pool, DatabaseOptions.NO_VALIDATE);
    storage.setJobMapper(new JobMapper(json));
    this.scheduler = new JobRequestScheduler(storage);
  }

  /** What is stored as JSON. */
  public record Request(int number) implements JobRequest {
    @Override
    public Class<Handler> getJobRequestHandler() {
      return Handler.class;
    }
  }

  /** Runs a request. */
  public static final class Handler implements JobRequestHandler<Request> {

    private final IntConsumer job;

    Handler(IntConsumer job) {
      this.job = job;
    }

    @Override
    public void run(Request request) {
      job.accept(request.number());
    }
  }

  @Override
  public void setUp() {
    storage.setUpStorageProvider(DatabaseOptions.CREATE);
  }

  @Override
  public void enqueue(int number) {
    scheduler.enqueue(new Request(number));
  }

  @Override
  public void enqueueAll(int jobs) {
    scheduler.enqueue(IntStream.range(0, jobs).mapToObj(Request::new));
  }

  @Override
  public void start(IntConsumer job) {
    Handler handler = new Handler(job);
    JobActivator activator =
        new JobActivator() {
          @Override
          public <T> T activateJob(Class<T> type) {
            return type.cast(handler);
          }
        };
    server =
        new BackgroundJobServer(
            storage,
            json,
            activator,
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(WORKERS)
                .andPollInterval(POLL));
    server.start();
  }

  @Override
  public long unfinished() throws SQLException {
    return Counts.of(pool, "SELECT count(*) FROM jobrunr_jobs WHERE state <> 'SUCCEEDED'");
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop();
    }
    storage.close();
    pool.close();
  }
}
