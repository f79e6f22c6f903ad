/** Git repositories as an organization knows them, their branches, and the projects they serve. */
@NullMarked
package dev.plinth.projects.repository;

import org.jspecify.annotations.NullMarked;
