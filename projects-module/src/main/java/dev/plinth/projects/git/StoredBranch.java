package dev.plinth.projects.git;

import java.util.UUID;

/** A branch as the last synchronisation left it. */
record StoredBranch(UUID id, String name, String headSha, boolean isDefault) {}
