/**
 * What people do: work items, what they are part of, what they wait for, and when they are late.
 */
@NullMarked
package dev.plinth.tasks.board;

import org.jspecify.annotations.NullMarked;
