/** A throw-away PostgreSQL for builds, tests and demonstrations: no Docker, no installation. */
@NullMarked
package dev.plinth.embedded;

import org.jspecify.annotations.NullMarked;
