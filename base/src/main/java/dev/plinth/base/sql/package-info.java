/** How columns become Java values. */
@NullMarked
package dev.plinth.base.sql;

import org.jspecify.annotations.NullMarked;
