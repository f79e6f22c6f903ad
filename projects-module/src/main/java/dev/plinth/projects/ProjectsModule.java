package dev.plinth.projects;

import dev.plinth.base.module.PlinthModule;
import dev.plinth.projects.feature.FeatureRequestComments;
import dev.plinth.projects.feature.FeatureRequestVotes;
import dev.plinth.projects.feature.FeatureRequests;
import dev.plinth.projects.git.GitSync;
import dev.plinth.projects.project.ProjectMembers;
import dev.plinth.projects.project.Projects;
import dev.plinth.projects.repository.Repositories;

/**
 * Projects, their members, feature requests, repositories and branches. Depends on base alone;
 * thread-safe.
 */
public final class ProjectsModule implements PlinthModule {

  private final Projects projects = new Projects();
  private final ProjectMembers projectMembers = new ProjectMembers();
  private final FeatureRequests featureRequests = new FeatureRequests();
  private final FeatureRequestComments featureRequestComments = new FeatureRequestComments();
  private final FeatureRequestVotes featureRequestVotes = new FeatureRequestVotes();
  private final Repositories repositories = new Repositories();
  private final GitSync gitSync = new GitSync();

  @Override
  public String name() {
    return "projects";
  }

  /** What the work of an organization is for. */
  public Projects projects() {
    return projects;
  }

  /** Who works on a project. */
  public ProjectMembers projectMembers() {
    return projectMembers;
  }

  /** What is wished of projects. */
  public FeatureRequests featureRequests() {
    return featureRequests;
  }

  /** What members say to feature requests. */
  public FeatureRequestComments featureRequestComments() {
    return featureRequestComments;
  }

  /** Who wants which feature request. */
  public FeatureRequestVotes featureRequestVotes() {
    return featureRequestVotes;
  }

  /** The git repositories of an organization. */
  public Repositories repositories() {
    return repositories;
  }

  /** Brings branches from a git repository on disk; needs JGit on the class path. */
  public GitSync gitSync() {
    return gitSync;
  }
}
