/** When work recurs: {@link dev.plinth.tasks.schedule.Cron}. */
@NullMarked
package dev.plinth.tasks.schedule;

import org.jspecify.annotations.NullMarked;
