package dev.plinth.tasks.worker;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the database can be reached, as one thread sees it; logged when that changes. */
final class Access {

  private static final Logger LOG = LoggerFactory.getLogger(Access.class);

  private final Duration polling;
  private boolean troubled;

  Access(Duration polling) {
    this.polling = polling;
  }

  void lost(Throwable failure) {
    if (troubled) {
      LOG.debug("Still no access to tasks", failure);
      return;
    }
    troubled = true;
    LOG.warn("No access to tasks; trying again every {}", polling, failure);
  }

  void there() {
    if (troubled) {
      troubled = false;
      LOG.info("Tasks can be reached again");
    }
  }
}
