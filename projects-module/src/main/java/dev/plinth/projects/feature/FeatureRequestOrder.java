package dev.plinth.projects.feature;

/** How feature requests are listed; among equals the newest comes first. */
public enum FeatureRequestOrder {
  NEWEST,
  /** By the weight of all votes, the heaviest first. */
  VOTES,
  /** The most urgent first. */
  PRIORITY
}
