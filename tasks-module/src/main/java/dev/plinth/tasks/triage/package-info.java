/** What comes in and is to be looked at, until it is resolved, rejected or becomes a work item. */
@NullMarked
package dev.plinth.tasks.triage;

import org.jspecify.annotations.NullMarked;
