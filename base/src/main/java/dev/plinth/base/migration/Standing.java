package dev.plinth.base.migration;

import java.util.List;

/** How a history stands to the files of this version. */
enum Standing {
  /** All of them were applied, as they are, and nothing else. */
  CURRENT,
  /** The last ones are missing. */
  BEHIND,
  /** Something else; Flyway says what. */
  ODD;

  static Standing of(List<Script> files, List<Applied> history) {
    List<Applied> migrations = history.stream().filter(Applied::isMigration).toList();
    if (files.isEmpty() || migrations.size() > files.size()) {
      return ODD;
    }
    for (int i = 0; i < migrations.size(); i++) {
      if (!migrations.get(i).isOf(files.get(i))) {
        return ODD;
      }
    }
    return migrations.size() == files.size() ? CURRENT : BEHIND;
  }
}
