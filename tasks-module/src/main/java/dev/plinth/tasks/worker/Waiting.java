package dev.plinth.tasks.worker;

import java.util.UUID;

/** A queue of an organization in which something may wait. */
record Waiting(UUID organization, String queue) {}
