/** Reads real git repositories; the only package that knows JGit, which a host adds if it wants. */
@NullMarked
package dev.plinth.projects.git;

import org.jspecify.annotations.NullMarked;
