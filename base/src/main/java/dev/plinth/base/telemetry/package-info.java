/** What a host may want to measure of Plinth: an interface to implement, and one for Micrometer. */
@NullMarked
package dev.plinth.base.telemetry;

import org.jspecify.annotations.NullMarked;
