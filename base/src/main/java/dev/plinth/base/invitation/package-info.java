/** Invitations: how somebody becomes a member who is none yet. */
@NullMarked
package dev.plinth.base.invitation;

import org.jspecify.annotations.NullMarked;
