/** Transactions that know their organization: no tenant, no query. */
@NullMarked
package dev.plinth.base.tenancy;

import org.jspecify.annotations.NullMarked;
