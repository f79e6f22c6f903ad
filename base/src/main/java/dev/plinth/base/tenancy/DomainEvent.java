package dev.plinth.base.tenancy;

/**
 * Something that happened in a module, told to the others in the same transaction. Implementations
 * are records and carry ids, not rows.
 */
public interface DomainEvent {}
