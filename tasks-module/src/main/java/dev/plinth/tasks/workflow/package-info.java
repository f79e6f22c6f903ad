/** Tasks that wait for one another, and graphs of them that are begun, watched and ended as one. */
@NullMarked
package dev.plinth.tasks.workflow;

import org.jspecify.annotations.NullMarked;
