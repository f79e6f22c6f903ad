package dev.plinth.base.job;

/**
 * A job that was claimed, and is to be run now.
 *
 * @param state as the claim left it
 */
record Claim(Job job, JobLease lease, JobState state) {}
