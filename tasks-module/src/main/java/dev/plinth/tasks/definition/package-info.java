/** The kinds of tasks that an organization has: what they take and how they are tried again. */
@NullMarked
package dev.plinth.tasks.definition;

import org.jspecify.annotations.NullMarked;
