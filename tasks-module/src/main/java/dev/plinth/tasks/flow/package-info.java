/** How work flows over the board: burndown, cycle time, ageing, throughput and what comes of it. */
@NullMarked
package dev.plinth.tasks.flow;

import org.jspecify.annotations.NullMarked;
