package dev.plinth.testing;

import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.MemberRole;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** What {@link PlinthTest} does. */
final class PlinthExtension implements BeforeAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(PlinthExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    fixture(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Organization.class
        || type == Member.class
        || fixture(context).injectable(type).isPresent();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == Organization.class) {
      return organization(parameter.getParameter().getName(), context);
    }
    if (type == Member.class) {
      return member(parameter, context);
    }
    return fixture(context).injectable(type).orElseThrow();
  }

  private static Organization organization(String name, ExtensionContext context) {
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            "organization " + name, key -> fixture(context).organization(name), Organization.class);
  }

  private static Member member(ParameterContext parameter, ExtensionContext context) {
    String name = parameter.getParameter().getName();
    Organization organization = organization(precedingOrganization(parameter), context);
    Fixture fixture = fixture(context);
    return context
        .getStore(NAMESPACE)
        .computeIfAbsent(
            "member " + organization.id() + " " + name,
            key -> {
              Role role = parameter.getParameter().getAnnotation(Role.class);
              if (role == null && isFirst(organization, context)) {
                return fixture.owner(organization);
              }
              MemberRole as = role == null ? MemberRole.DEVELOPER : role.value();
              return fixture.member(organization, name, as);
            },
            Member.class);
  }

  /** Whether no owner of this organization was handed out yet. */
  private static boolean isFirst(Organization organization, ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    String key = "owner of " + organization.id();
    boolean first = store.get(key) == null;
    store.put(key, true);
    return first;
  }

  private static String precedingOrganization(ParameterContext parameter) {
    Parameter[] all = parameter.getDeclaringExecutable().getParameters();
    for (int i = parameter.getIndex() - 1; i >= 0; i--) {
      if (all[i].getType() == Organization.class) {
        return all[i].getName();
      }
    }
    return "organization";
  }

  static Fixture fixture(ExtensionContext context) {
    Class<?> type = context.getRequiredTestClass();
    Store store = classContext(context).getStore(NAMESPACE);
    return store.computeIfAbsent(Fixture.class, key -> new Fixture(modules(type)), Fixture.class);
  }

  /** Of the outermost class, so that nested classes share the database. */
  private static ExtensionContext classContext(ExtensionContext context) {
    ExtensionContext found = context;
    ExtensionContext current = context;
    while (current.getTestClass().isPresent()) {
      found = current;
      current = current.getParent().orElseThrow();
    }
    return found;
  }

  private static List<PlinthModule> modules(Class<?> testClass) {
    PlinthTest annotation =
        AnnotationSupport.findAnnotation(testClass, PlinthTest.class)
            .or(() -> AnnotationSupport.findAnnotation(testClass.getNestHost(), PlinthTest.class))
            .orElseThrow(() -> new ParameterResolutionException("@PlinthTest is missing"));
    List<PlinthModule> modules = new ArrayList<>();
    for (Class<? extends PlinthModule> module : annotation.value()) {
      modules.add(ReflectionSupport.newInstance(module));
    }
    return modules;
  }
}
