package dev.plinth.base.search;

import dev.plinth.base.error.Require;

/**
 * What is looked for. A page's cursor belongs to the query that it came from.
 *
 * @param text what a person typed, 1 to 1,000 characters; of a text search as in a web search: all
 *     words, {@code "a phrase"}, {@code or}, {@code -not}
 * @param within what else decides which rows are found, as text that differs where that does; empty
 *     for nothing
 */
public record SearchQuery(String text, String within) {

  private static final int TEXT_LENGTH = 1_000;

  /** Checks the text. */
  public SearchQuery {
    text = Require.text("text", text, TEXT_LENGTH);
  }

  /** Everything that matches the text. */
  public static SearchQuery of(String text) {
    return new SearchQuery(text, "");
  }

  /** The same with a filter, a record for example: its text is part of the query. */
  public SearchQuery within(Object filter) {
    return new SearchQuery(text, filter.toString());
  }
}
