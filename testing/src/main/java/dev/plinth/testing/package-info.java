/**
 * Tests on a real PostgreSQL in milliseconds: {@link dev.plinth.testing.PlinthTest} gives every
 * test class a migrated database of its own; the contracts prove tenancy, migrations and catalog
 * rules.
 */
@NullMarked
package dev.plinth.testing;

import org.jspecify.annotations.NullMarked;
