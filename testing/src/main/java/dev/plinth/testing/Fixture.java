package dev.plinth.testing;

import dev.plinth.base.Plinth;
import dev.plinth.base.module.ModuleDescriptor;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.NewMember;
import dev.plinth.base.organization.NewOrganization;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.PageRequest;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.user.NewUser;
import dev.plinth.base.user.User;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** What the tests of one class share: database, Plinth, modules; and how tenants are made. */
final class Fixture implements AutoCloseable {

  /** The prefix of roles that a check lets bypass the policies. */
  static final String BYPASSING = "plinth_bypassing";

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final List<? extends PlinthModule> modules;
  private final TestDatabase database;
  private final SettableClock clock = new SettableClock();
  private final Plinth plinth;

  Fixture(List<? extends PlinthModule> modules) {
    this(modules, TestServer.shared().migrated(modules), TestDatabase::host, "plinth");
  }

  private Fixture(
      List<? extends PlinthModule> modules,
      TestDatabase database,
      Function<TestDatabase, DataSource> login,
      String rolePrefix) {
    this.modules = modules;
    this.database = database;
    this.plinth =
        Plinth.builder()
            .dataSource(login.apply(database))
            .migrationDataSource(database.owner())
            .modules(modules.toArray(PlinthModule[]::new))
            .clock(clock)
            .rolePrefix(rolePrefix)
            .build();
  }

  /**
   * The same modules on a database whose roles may be allowed to bypass the policies; its host is a
   * superuser, who can look at everything in the middle of a transaction.
   */
  Fixture bypassing() {
    TestDatabase empty = TestServer.shared().empty();
    Fixture other = new Fixture(modules, empty, TestDatabase::superuserPool, BYPASSING);
    other.plinth.migrate();
    return other;
  }

  TestDatabase database() {
    return database;
  }

  /** Those of base and of the modules. */
  List<String> schemas() {
    return plinth.modules().stream().map(ModuleDescriptor::schema).toList();
  }

  /** Those of the modules; of base where there is no other. */
  List<String> ownSchemas() {
    List<String> all = schemas();
    return all.size() == 1 ? all : all.subList(1, all.size());
  }

  Plinth plinth() {
    return plinth;
  }

  Organization organization(String name) {
    int number = COUNTER.incrementAndGet();
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "") + "-" + number;
    return plinth
        .asSystem("test")
        .call(
            tx -> {
              User owner = plinth.users().create(tx, NewUser.named(name + "-owner"));
              NewOrganization organization = NewOrganization.of(slug, name);
              return plinth.organizations().create(tx, organization.ownedBy(owner.id()));
            });
  }

  Member owner(Organization organization) {
    return plinth
        .asService(organization.id(), "test")
        .read(tx -> plinth.members().list(tx, PageRequest.first(100)))
        .items()
        .stream()
        .filter(member -> member.role() == MemberRole.OWNER)
        .findFirst()
        .orElseThrow();
  }

  Member member(Organization organization, String name, MemberRole role) {
    User user = plinth.asSystem("test").call(tx -> plinth.users().create(tx, NewUser.named(name)));
    return plinth
        .as(owner(organization))
        .call(tx -> plinth.members().add(tx, NewMember.of(user.id(), role, name)));
  }

  Optional<Object> injectable(Class<?> type) {
    Stream<?> mine =
        Stream.of(plinth, database, clock, new TenancyCheck(this), new MigrationCheck(modules));
    return Stream.concat(mine, modules.stream())
        .filter(type::isInstance)
        .findFirst()
        .map(Object.class::cast)
        .or(() -> service(type));
  }

  /** Types of the JDK are no services: a module's name is not what a String parameter asks for. */
  private Optional<Object> service(Class<?> type) {
    if (type.isPrimitive() || type.getName().startsWith("java.")) {
      return Optional.empty();
    }
    return Stream.concat(Stream.of(plinth), modules.stream())
        .flatMap(source -> accessors(source, type))
        .findFirst();
  }

  private static Stream<Object> accessors(Object source, Class<?> type) {
    return Stream.of(source.getClass().getMethods())
        .filter(method -> method.getParameterCount() == 0 && method.getReturnType() == type)
        .map(method -> invoke(source, method));
  }

  private static Object invoke(Object source, Method method) {
    try {
      return method.invoke(source);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot get " + method, e);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
