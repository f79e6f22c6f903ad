package dev.plinth.projects.git;

import dev.plinth.base.Plinth;
import dev.plinth.base.organization.Member;
import dev.plinth.base.page.PageRequest;
import dev.plinth.projects.repository.Branch;
import dev.plinth.projects.repository.NewRepository;
import dev.plinth.projects.repository.Provider;
import dev.plinth.projects.repository.Repositories;
import dev.plinth.projects.repository.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A registered repository that a test synchronises. */
record Synced(Plinth plinth, Member member, UUID repository) {

  private static final Repositories REPOSITORIES = new Repositories();

  static Synced registered(Plinth plinth, Member member, String name) {
    Repository repository =
        plinth
            .as(member)
            .call(tx -> REPOSITORIES.register(tx, NewRepository.of(Provider.GIT, name, name)));
    return new Synced(plinth, member, repository.id());
  }

  SyncResult sync(Path path) {
    return plinth.as(member).call(tx -> new GitSync().sync(tx, repository, path));
  }

  Repository stored() {
    return plinth.as(member).read(tx -> REPOSITORIES.get(tx, repository));
  }

  List<Branch> branches() {
    return plinth
        .as(member)
        .read(tx -> REPOSITORIES.branches(tx, repository, PageRequest.first(1000)))
        .items();
  }

  Branch branch(String name) {
    return branches().stream()
        .filter(branch -> branch.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no branch " + name + ": " + branches()));
  }
}
