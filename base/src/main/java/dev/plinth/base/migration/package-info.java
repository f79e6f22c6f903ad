/** Roles and schemas: made, checked and taken back. */
@NullMarked
package dev.plinth.base.migration;

import org.jspecify.annotations.NullMarked;
