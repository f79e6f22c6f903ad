/** What jooq-codegen-maven needs to generate code from migrations. Build time only. */
@NullMarked
package dev.plinth.codegen;

import org.jspecify.annotations.NullMarked;
