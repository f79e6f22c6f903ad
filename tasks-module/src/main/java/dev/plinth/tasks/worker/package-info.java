/** Workers: they claim tasks, have the host's functions do them, and write what became of them. */
@NullMarked
package dev.plinth.tasks.worker;

import org.jspecify.annotations.NullMarked;
