package dev.plinth.base;

import dev.plinth.base.audit.AuditLog;
import dev.plinth.base.background.Background;
import dev.plinth.base.background.BackgroundWorks;
import dev.plinth.base.config.DatabaseUrl;
import dev.plinth.base.config.Tls;
import dev.plinth.base.error.DatabaseUnavailableException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.invitation.Invitations;
import dev.plinth.base.job.JobRunner;
import dev.plinth.base.job.JobScheduler;
import dev.plinth.base.job.JobTiming;
import dev.plinth.base.job.Jobs;
import dev.plinth.base.migration.Migrator;
import dev.plinth.base.migration.Orphans;
import dev.plinth.base.module.ModuleDescriptor;
import dev.plinth.base.module.ModuleJobs;
import dev.plinth.base.module.ModuleOrder;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.monitoring.Monitoring;
import dev.plinth.base.notification.Notifications;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Members;
import dev.plinth.base.organization.Organizations;
import dev.plinth.base.partition.Partitions;
import dev.plinth.base.telemetry.Telemetry;
import dev.plinth.base.tenancy.Scope;
import dev.plinth.base.tenancy.Subscription;
import dev.plinth.base.tenancy.SystemTx;
import dev.plinth.base.tenancy.Tenancy;
import dev.plinth.base.tenancy.TenancySettings;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.base.user.Users;
import dev.plinth.base.workspace.Workspaces;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Plinth on one database: its modules, its schema and its transactions. Made once by {@link
 * #builder()}, kept for the life of the host; thread-safe. Holds no connection and closes nothing
 * that the host opened: only what {@link #start()} began has to be closed.
 */
public final class Plinth implements AutoCloseable {

  private final Builder settings;
  private final List<ModuleDescriptor> modules;
  private final Migrator migrator;
  private final Tenancy tenancy;
  private final Organizations organizations = new Organizations();
  private final Members members = new Members();
  private final Users users = new Users();
  private final Workspaces workspaces = new Workspaces();
  private final Invitations invitations = new Invitations();
  private final Notifications notifications = new Notifications();
  private final Monitoring monitoring = new Monitoring();
  private final AuditLog audit = new AuditLog();
  private final Partitions partitions = new Partitions();
  private final Jobs jobs;
  private final JobScheduler scheduler;
  private final BackgroundWorks backgroundWorks;

  private Plinth(Builder settings) {
    this.settings = settings;
    List<PlinthModule> all = new ArrayList<>(List.of(new BaseModule()));
    all.addAll(settings.modules);
    this.modules = ModuleOrder.of(all.stream().map(ModuleDescriptor::of).toList());
    this.migrator = new Migrator(modules, settings.forMigrations(), settings.rolePrefix);
    List<Subscription<?>> subscriptions = new ArrayList<>();
    all.forEach(module -> subscriptions.addAll(module.subscriptions()));
    this.tenancy = new Tenancy(settings.tenancy(), subscriptions);
    JobRunner runner =
        new JobRunner(tenancy, ModuleJobs.of(all), settings.jobTiming, settings.telemetry);
    this.jobs = new Jobs(runner);
    this.scheduler = new JobScheduler(runner, settings.jobTiming);
    this.backgroundWorks =
        new BackgroundWorks(
            all.stream().flatMap(module -> module.backgroundWork().stream()).toList());
  }

  /** Begins to describe one. */
  public static Builder builder() {
    return new Builder();
  }

  /** Work as a member of an organization. */
  public Scope<TenantTx> as(UUID organization, UUID user) {
    return tenancy.as(organization, user);
  }

  /** Work as a member. */
  public Scope<TenantTx> as(Member member) {
    return as(member.organizationId(), member.userId());
  }

  /**
   * Work as the organization's own machinery: everything in it but what is private to a user.
   *
   * @param name who that is, for the record
   */
  public Scope<TenantTx> asService(UUID organization, String name) {
    return tenancy.asService(organization, name);
  }

  /**
   * Work across organizations: administration and discovery.
   *
   * @param reason why, for the record
   */
  public Scope<SystemTx> asSystem(String reason) {
    return tenancy.asSystem(reason);
  }

  /** The tenants. */
  public Organizations organizations() {
    return organizations;
  }

  /** Who belongs to them. */
  public Members members() {
    return members;
  }

  /** Who can sign in. */
  public Users users() {
    return users;
  }

  /** Teams inside them. */
  public Workspaces workspaces() {
    return workspaces;
  }

  /** How others come to belong to them. */
  public Invitations invitations() {
    return invitations;
  }

  /** What users are told. */
  public Notifications notifications() {
    return notifications;
  }

  /** How the database and the modules in it are. */
  public Monitoring monitoring() {
    return monitoring;
  }

  /** Who changed what. */
  public AuditLog audit() {
    return audit;
  }

  /** The partitions of high-volume tables. */
  public Partitions partitions() {
    return partitions;
  }

  /** What is done in the background. */
  public Jobs jobs() {
    return jobs;
  }

  /**
   * Begins what is done in the background: the jobs of all modules, each run by one host of the
   * cluster at a time, and what modules do in every host. Touches no database itself, and does
   * nothing the second time.
   *
   * @throws dev.plinth.base.job.PlinthClosedException after {@link #close()}
   */
  public void start() {
    scheduler.start();
    backgroundWorks.start(new Background(tenancy, settings.forListening()));
  }

  /**
   * Ends what is done in the background: nothing is begun any more, what runs is told to stop and
   * waited for ({@link Builder#closeWithin}), and other hosts may go on with it at once.
   * Transactions can be opened as before. Harmless without {@link #start()}, and twice.
   */
  @Override
  public void close() {
    backgroundWorks.close(settings.jobTiming.closing());
    scheduler.close();
  }

  /** The modules in the order of their dependencies, base first. */
  public List<ModuleDescriptor> modules() {
    return modules;
  }

  /**
   * Makes the roles, grants them to the host's login, and brings every module's schema, and the
   * links between them, up to this version. Safe when many hosts do so at once.
   *
   * @throws dev.plinth.base.error.SchemaMismatchException if a schema is ahead, was changed, or is
   *     somebody else's
   * @throws dev.plinth.base.error.MissingRolesException if roles are missing and the login of the
   *     migration data source may not make them; the message is what a DBA runs
   * @throws dev.plinth.base.error.UnsupportedDatabaseException if the server is too old
   * @throws dev.plinth.base.error.DatabaseUnavailableException if it cannot be reached
   */
  public void migrate() {
    migrator.migrate(hostLogin());
  }

  /**
   * Compares the schemas with this version and changes nothing.
   *
   * @throws dev.plinth.base.error.SchemaMismatchException if one is behind, ahead, changed, or
   *     somebody else's
   * @throws dev.plinth.base.error.MissingRolesException if the host's login lacks the roles
   * @throws dev.plinth.base.error.UnsupportedDatabaseException if the server is too old
   * @throws dev.plinth.base.error.DatabaseUnavailableException if it cannot be reached
   */
  public void validate() {
    migrator.validate(hostLogin());
  }

  /**
   * The SQL that does what {@link #migrate()} would do now, for a DBA who runs it as the owner of
   * the schemas, with {@code psql -f} or any other client; changes nothing. Afterwards {@link
   * #validate()} is content. It is one transaction, and for this database as it is now.
   *
   * @throws dev.plinth.base.error.SchemaMismatchException if a schema is ahead, was changed, or is
   *     somebody else's
   */
  public String printMigrations() {
    String login = hostLogin();
    return migrator.print(login == null ? poolLogin() : login);
  }

  /**
   * Takes migrations of a module or of a link back, newest first and all or nothing; <b>their data
   * is lost</b>. The links of the module itself are taken back first.
   *
   * @param name of a module, or of a link between two: {@code tasks+projects}
   * @param version what it is to be at afterwards; 0 drops the module's schema
   * @throws dev.plinth.base.error.SchemaMismatchException if it was never migrated, or if a newer
   *     version has migrated this database: let that one take back what it knows
   * @throws dev.plinth.base.error.ConflictException if something still needs what is to go; it
   *     names the link if that is one
   */
  public void rollback(String name, int version) {
    migrator.rollback(name, version);
  }

  /**
   * Validates the foreign keys that link migrations have added, as far as all rows keep to them;
   * those from before were not looked at. Both tables are locked while it reads them.
   *
   * @return what stands against the others; their foreign keys hold for new rows only
   * @throws dev.plinth.base.error.ConcurrentUpdateException if a table is busy: try again
   */
  public List<Orphans> validateLinks() {
    return migrator.validateLinks();
  }

  private @Nullable String hostLogin() {
    if (settings.hostLogin != null || settings.migrationDataSource == null) {
      return settings.hostLogin;
    }
    return poolLogin();
  }

  private String poolLogin() {
    try (Connection connection = settings.forWork().getConnection()) {
      return connection.getMetaData().getUserName();
    } catch (SQLException e) {
      throw new DatabaseUnavailableException("no connection from the data source", e);
    }
  }

  /** Describes a Plinth; {@link #build()} checks the whole and touches no database. */
  public static final class Builder {

    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,40}");

    private final List<PlinthModule> modules = new ArrayList<>();
    private @Nullable DataSource dataSource;
    private @Nullable DataSource migrationDataSource;
    private @Nullable String hostLogin;
    private @Nullable DataSource listeningDataSource;
    private @Nullable DataSource readReplica;
    private @Nullable InstantSource clock;
    private @Nullable Duration slowStatements;
    private Telemetry telemetry = Telemetry.NONE;
    private boolean requireTls;
    private String rolePrefix = "plinth";
    private JobTiming jobTiming = JobTiming.DEFAULT;

    private Builder() {}

    /**
     * The host's pool; required. It is never closed here. What {@link Plinth#start()} begins takes
     * five of its connections at a moment at most; with less than three, long runs of jobs are
     * lost.
     */
    public Builder dataSource(DataSource pool) {
      this.dataSource = pool;
      return this;
    }

    /**
     * Where migrations run: as the owner of the schemas, direct and not through a pooler, at least
     * three connections. The host's pool, unless said otherwise; it must have as many then, or
     * {@link Plinth#migrate()} waits for one in vain.
     */
    public Builder migrationDataSource(DataSource owner) {
      this.migrationDataSource = owner;
      return this;
    }

    /**
     * The login that is granted the roles; unless said otherwise, who the host's pool connects as.
     */
    public Builder hostLogin(String login) {
      this.hostLogin = login;
      return this;
    }

    /**
     * Where modules wait for news of the database (LISTEN): direct, not through a transaction
     * pooler, behind which nothing is heard and modules only look from time to time. The host's
     * pool, unless said otherwise; each worker of tasks keeps one connection of it.
     */
    public Builder listeningDataSource(DataSource direct) {
      this.listeningDataSource = direct;
      return this;
    }

    /** A read replica of the same database, for {@link Scope#readReplica}; only read from. */
    public Builder readReplica(DataSource replica) {
      this.readReplica = replica;
      return this;
    }

    /**
     * Refuses connections that leave this machine without TLS, on all data sources; on a connection
     * that is lent to {@link Scope#join} the host sees to it. Each is judged by its host's name,
     * and where that is elsewhere, by what the server says of it. So it does not see where a {@code
     * socketFactory} of the data source goes, and behind a pooler the server tells of the pooler's
     * connection and not of the way to the pooler. A URL says more: {@link
     * Tls#required(DatabaseUrl)}.
     */
    public Builder requireTls() {
      this.requireTls = true;
      return this;
    }

    /**
     * Logs statements inside transactions that take as long, as warnings of the logger {@code
     * dev.plinth.slow-query}: with their text, and a question mark for every value. By default none
     * is.
     */
    public Builder logSlowStatements(Duration threshold) {
      if (threshold.isNegative() || threshold.isZero()) {
        throw new InvalidValueException("threshold", "must be longer than nothing");
      }
      this.slowStatements = threshold;
      return this;
    }

    /** Who measures; by default nobody does. */
    public Builder telemetry(Telemetry listener) {
      this.telemetry = listener;
      return this;
    }

    /** Modules, in any order. */
    public Builder modules(PlinthModule... added) {
      modules.addAll(List.of(added));
      return this;
    }

    /** Another clock than the database's, for tests. */
    public Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    /** What the roles' names begin with; roles belong to the whole server. Default: plinth. */
    public Builder rolePrefix(String prefix) {
      if (!PREFIX.matcher(prefix).matches()) {
        throw new InvalidValueException("rolePrefix", "must be lower-case letters, digits and _");
      }
      this.rolePrefix = prefix;
      return this;
    }

    /** How often to look whether a background job is due; five seconds unless said otherwise. */
    public Builder jobPolling(Duration interval) {
      this.jobTiming = jobTiming.polling(interval);
      return this;
    }

    /** How long {@link Plinth#close()} waits; twenty seconds unless said otherwise. */
    public Builder closeWithin(Duration limit) {
      this.jobTiming = jobTiming.closing(limit);
      return this;
    }

    /**
     * Checks the whole.
     *
     * @throws InvalidValueException if there is no data source, or a module or job is there twice
     * @throws dev.plinth.base.error.MissingModuleException if a module needs another that is not
     *     there
     */
    public Plinth build() {
      return new Plinth(copy());
    }

    private Builder copy() {
      Builder copy = new Builder();
      copy.modules.addAll(modules);
      copy.dataSource = dataSource;
      copy.migrationDataSource = migrationDataSource;
      copy.hostLogin = hostLogin;
      copy.listeningDataSource = listeningDataSource;
      copy.readReplica = readReplica;
      copy.clock = clock;
      copy.slowStatements = slowStatements;
      copy.telemetry = telemetry;
      copy.requireTls = requireTls;
      copy.rolePrefix = rolePrefix;
      copy.jobTiming = jobTiming;
      return copy;
    }

    private TenancySettings tenancy() {
      @Nullable DataSource replica = readReplica == null ? null : secured(readReplica);
      return new TenancySettings(forWork(), replica, clock, telemetry, slowStatements);
    }

    private DataSource forWork() {
      if (dataSource == null) {
        throw new InvalidValueException("dataSource", "is required");
      }
      return secured(dataSource);
    }

    private DataSource forMigrations() {
      return migrationDataSource == null ? forWork() : secured(migrationDataSource);
    }

    private DataSource forListening() {
      return listeningDataSource == null ? forWork() : secured(listeningDataSource);
    }

    private DataSource secured(DataSource source) {
      return requireTls ? Tls.required(source) : source;
    }
  }
}
