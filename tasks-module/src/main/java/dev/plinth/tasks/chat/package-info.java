/** What members say to each other: in channels, and in private conversations. */
@NullMarked
package dev.plinth.tasks.chat;

import org.jspecify.annotations.NullMarked;
