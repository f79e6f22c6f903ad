/** Organizations and their members. */
@NullMarked
package dev.plinth.base.organization;

import org.jspecify.annotations.NullMarked;
