package dev.plinth.testing;

import dev.plinth.base.module.PlinthModule;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class with a database of its own, cloned from a template that is migrated once for each
 * set of modules and JVM, and dropped afterwards.
 *
 * <p>Parameters of test methods, lifecycle methods and constructors are injected by type: {@code
 * Plinth}; the modules; every service that {@code Plinth} or a module hands out by a method without
 * parameters; {@link TestDatabase}; {@link SettableClock}; {@code Organization}, a fresh one for
 * each name; {@code Member}, of the organization that precedes it, the first one being its owner,
 * others in the role that {@link Role} says (a developer by default). The same name in
 * {@code @BeforeEach} and in the test is the same organization or member.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PlinthExtension.class)
public @interface PlinthTest {

  /** The modules, in any order; each needs a public constructor without parameters. */
  Class<? extends PlinthModule>[] value() default {};
}
