package dev.plinth.projects.repository;

/** A repository that a project works with, and what it is to the project. */
public record LinkedRepository(Repository repository, LinkRole role) {}
