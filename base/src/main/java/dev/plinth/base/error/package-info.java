/**
 * What goes wrong, as types: every leaf carries its facts as fields. SQL exceptions appear as
 * causes only.
 */
@NullMarked
package dev.plinth.base.error;

import org.jspecify.annotations.NullMarked;
