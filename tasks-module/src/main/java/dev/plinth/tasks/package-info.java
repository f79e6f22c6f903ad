/** Work that programs do and work that people do: {@link dev.plinth.tasks.TasksModule}. */
@NullMarked
package dev.plinth.tasks;

import org.jspecify.annotations.NullMarked;
