/** The record of who changed what, and of who read what is sensitive. */
@NullMarked
package dev.plinth.base.audit;

import org.jspecify.annotations.NullMarked;
