/** Notifications: what a user is told. */
@NullMarked
package dev.plinth.base.notification;

import org.jspecify.annotations.NullMarked;
