/** Search under row-level security: ids from the index, rows under the policy. */
@NullMarked
package dev.plinth.base.search;

import org.jspecify.annotations.NullMarked;
