package dev.plinth.projects.git;

import dev.plinth.base.tenancy.DomainEvent;
import java.util.UUID;

/**
 * The history of a branch was replaced.
 *
 * @param from the head before
 * @param to the head now, which does not descend from it
 */
public record BranchForcePushed(
    UUID organizationId, UUID repositoryId, UUID branchId, String from, String to)
    implements DomainEvent {}
