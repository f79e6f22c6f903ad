package dev.plinth.projects.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.PlinthException;
import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.tenancy.TenantTx;
import dev.plinth.projects.ProjectsModule;
import dev.plinth.projects.project.NewProject;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@PlinthTest(ProjectsModule.class)
class WithoutJGitTest {

  @Test
  void theModuleWorksAndOnlySynchronisationNamesWhatIsMissing(
      TestDatabase database, Organization acme, Member alice) throws Exception {
    ClassLoader loader = new Hiding();
    PlinthModule module =
        (PlinthModule)
            loader.loadClass(ProjectsModule.class.getName()).getConstructor().newInstance();
    assertThat(module.getClass()).isNotEqualTo(ProjectsModule.class);
    Plinth plinth = Plinth.builder().dataSource(database.host()).modules(module).build();
    Object projects = module.getClass().getMethod("projects").invoke(module);
    Object sync = module.getClass().getMethod("gitSync").invoke(module);
    Class<?> newProject = loader.loadClass(NewProject.class.getName());
    Object apollo = newProject.getMethod("named", String.class).invoke(null, "Apollo");

    Object created =
        plinth
            .as(alice)
            .call(
                tx ->
                    projects
                        .getClass()
                        .getMethod("create", TenantTx.class, newProject)
                        .invoke(projects, tx, apollo));

    assertThat(created.toString()).contains("APOLLO");
    assertThatThrownBy(() -> plinth.as(alice).call(tx -> sync(sync, tx)))
        .isInstanceOf(PlinthException.class)
        .hasMessageContaining("org.eclipse.jgit:org.eclipse.jgit");
  }

  private static Object sync(Object sync, TenantTx tx) throws ReflectiveOperationException {
    try {
      return sync.getClass()
          .getMethod("sync", TenantTx.class, UUID.class, Path.class)
          .invoke(sync, tx, UUID.randomUUID(), Path.of("."));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Loads the module anew, and knows no JGit. */
  private static final class Hiding extends ClassLoader {

    Hiding() {
      super(WithoutJGitTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("org.eclipse.jgit.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.plinth.projects.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
