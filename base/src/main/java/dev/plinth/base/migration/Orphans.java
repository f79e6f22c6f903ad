package dev.plinth.base.migration;

/**
 * Rows that refer to what is not there: from before a link migration made a foreign key of a soft
 * reference.
 *
 * @param table that holds them, with its schema
 * @param constraint the foreign key, which is not valid because of them
 * @param referenced the table that lacks what they name, with its schema
 * @param rows how many they are, of all organizations
 */
public record Orphans(String table, String constraint, String referenced, long rows) {}
