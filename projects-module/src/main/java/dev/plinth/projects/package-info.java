/** Projects and the git repositories they work with: {@link dev.plinth.projects.ProjectsModule}. */
@NullMarked
package dev.plinth.projects;

import org.jspecify.annotations.NullMarked;
