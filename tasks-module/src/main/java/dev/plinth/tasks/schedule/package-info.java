/** When tasks recur: {@link dev.plinth.tasks.schedule.TaskSchedules}. */
@NullMarked
package dev.plinth.tasks.schedule;

import org.jspecify.annotations.NullMarked;
