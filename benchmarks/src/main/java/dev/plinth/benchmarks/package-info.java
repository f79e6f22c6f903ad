/**
 * What the documents claim, measured beside hand-written JDBC on the same server in the same run.
 */
@NullMarked
package dev.plinth.benchmarks;

import org.jspecify.annotations.NullMarked;
