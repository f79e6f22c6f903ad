/** Feature requests: what somebody wishes of a project, and what became of it. */
@NullMarked
package dev.plinth.projects.feature;

import org.jspecify.annotations.NullMarked;
