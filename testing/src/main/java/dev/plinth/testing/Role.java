package dev.plinth.testing;

import dev.plinth.base.tenancy.MemberRole;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The role of an injected member. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Role {

  /** Any role; the organization's owner is another member. */
  MemberRole value();
}
