/**
 * Background jobs: what modules have done again and again, by one host of the cluster at a time.
 */
@NullMarked
package dev.plinth.base.job;

import org.jspecify.annotations.NullMarked;
