/** Projects, their lifecycle and the people who work on them. */
@NullMarked
package dev.plinth.projects.project;

import org.jspecify.annotations.NullMarked;
