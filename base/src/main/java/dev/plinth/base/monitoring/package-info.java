/** Monitoring: how the database and the modules that are installed in it are. */
@NullMarked
package dev.plinth.base.monitoring;

import org.jspecify.annotations.NullMarked;
