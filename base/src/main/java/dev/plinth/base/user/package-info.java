/** People and machines that sign in. */
@NullMarked
package dev.plinth.base.user;

import org.jspecify.annotations.NullMarked;
