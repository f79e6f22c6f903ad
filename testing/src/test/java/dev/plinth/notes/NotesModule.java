package dev.plinth.notes;

import dev.plinth.base.module.PlinthModule;
import dev.plinth.base.organization.MemberChanged;
import dev.plinth.base.tenancy.MemberRole;
import dev.plinth.base.tenancy.Subscription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A host's own module: what the kit is tried on. */
public final class NotesModule implements PlinthModule {

  /** What it heard, in order. */
  private final List<MemberChanged> heard = Collections.synchronizedList(new ArrayList<>());

  @Override
  public String name() {
    return "notes";
  }

  @Override
  public List<Subscription<?>> subscriptions() {
    return List.of(
        new Subscription<>(
            MemberChanged.class,
            (tx, event) -> {
              heard.add(event);
              if (event.role() == MemberRole.TESTER) {
                throw new IllegalStateException("no testers here");
              }
            }));
  }

  public List<MemberChanged> heard() {
    return heard;
  }

  public Notes notes() {
    return new Notes();
  }
}
