/** Workspaces: teams inside an organization. */
@NullMarked
package dev.plinth.base.workspace;

import org.jspecify.annotations.NullMarked;
