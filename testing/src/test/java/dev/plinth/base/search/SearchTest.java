package dev.plinth.base.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plinth.base.Plinth;
import dev.plinth.base.error.InvalidCursorException;
import dev.plinth.base.error.InvalidValueException;
import dev.plinth.base.organization.Member;
import dev.plinth.base.organization.Organization;
import dev.plinth.base.page.Page;
import dev.plinth.base.page.PageRequest;
import dev.plinth.notes.Notes;
import dev.plinth.notes.NotesModule;
import dev.plinth.testing.PlinthTest;
import dev.plinth.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.ExecuteListener;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A module that searches: ids from base's functions, rows under its own policies. */
@PlinthTest(NotesModule.class)
class SearchTest {

  private final Notes notes = new Notes();
  private Plinth plinth;
  private Member alice;
  private Member bob;
  private Member carol;
  private String word;

  @BeforeEach
  void prepare(
      Plinth plinth,
      Organization acme,
      Member alice,
      Member bob,
      Organization globex,
      Member carol) {
    this.plinth = plinth;
    this.alice = alice;
    this.bob = bob;
    this.carol = carol;
    this.word = "w" + UUID.randomUUID().toString().replace("-", "");
  }

  @Test
  void allWordsAreLookedForAndTheBestMatchComesFirst() {
    write(alice, "notes", word + " once among many other things that were noted down");
    write(alice, "notes", word + " " + word + " twice");
    write(alice, "notes", "nothing of the kind");

    assertThat(search(alice, word))
        .containsExactly(
            word + " " + word + " twice",
            word + " once among many other things that were noted down");
    assertThat(search(alice, word + " twice")).hasSize(1);
    assertThat(search(alice, word + " -twice")).hasSize(1);
    assertThat(search(alice, "\"once among\" " + word)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'", "\"", "& | !", "a:*b", "\\", "<->", "-", "%_", "('"})
  void whateverIsTypedIsNoError(String typed) {
    assertThat(search(alice, word + " " + typed)).isEmpty();
    assertThat(search(alice, typed)).isEmpty();
    Page<String> similar = plinth.as(alice).read(tx -> notes.similar(tx, query(typed), first(9)));
    assertThat(similar.items()).isEmpty();
  }

  @Test
  void nothingIsNoQuery() {
    assertThatThrownBy(() -> SearchQuery.of(" ")).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> SearchQuery.of("a\0")).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void anotherOrganizationsRowsChangeNeitherIdsNorRanks() {
    write(alice, "notes", word + " here");
    List<String> before = candidates(alice);
    for (int i = 0; i < 20; i++) {
      write(carol, "notes", word + " " + word + " there");
    }

    assertThat(candidates(alice)).isEqualTo(before).hasSize(1);
    assertThat(search(carol, word)).hasSize(20);
  }

  @Test
  void pagesHoldEveryMatchOnceAlsoWhereManyRankAlike() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      all.add(word + " " + i);
      write(alice, "notes", word + " " + i);
    }

    List<String> found = new ArrayList<>();
    PageRequest request = first(3);
    while (true) {
      PageRequest now = request;
      Page<String> page = plinth.as(alice).read(tx -> notes.search(tx, query(word), now));
      found.addAll(page.items());
      if (page.next().isEmpty()) {
        break;
      }
      assertThat(page.items()).hasSize(3);
      request = PageRequest.after(page.next().get(), 3);
    }

    assertThat(found).containsExactlyInAnyOrderElementsOf(all).doesNotHaveDuplicates();
  }

  @Test
  void aPageIsFullThoughMostCandidatesAreOthers() {
    for (int i = 0; i < 60; i++) {
      write(alice, "drafts", word + " " + word + " " + i);
    }
    for (int i = 0; i < 4; i++) {
      write(bob, "drafts", word + " " + i);
    }

    Page<String> page = plinth.as(bob).read(tx -> notes.searchDrafts(tx, query(word), first(3)));
    Page<String> rest =
        plinth
            .as(bob)
            .read(
                tx ->
                    notes.searchDrafts(
                        tx, query(word), PageRequest.after(page.next().orElseThrow(), 3)));

    assertThat(page.items()).containsExactly(word + " 3", word + " 2", word + " 1");
    assertThat(rest.items()).containsExactly(word + " 0");
    assertThat(rest.next()).isEmpty();
  }

  @Test
  void aFilterThatMatchesNothingCostsAFewStatements(TestDatabase database) throws SQLException {
    int most = 1_000;
    write(database, alice, 50 * most);
    Search search = Search.by("plinth_notes", "search_notes");
    AtomicInteger statements = new AtomicInteger();
    AtomicInteger candidates = new AtomicInteger();

    Page<String> page =
        plinth
            .as(alice)
            .read(
                tx -> {
                  tx.dsl()
                      .configuration()
                      .setAppending(
                          ExecuteListener.onExecuteStart(context -> statements.incrementAndGet()));
                  return search.page(
                      tx,
                      query(word),
                      first(most),
                      ids -> {
                        candidates.addAndGet(ids.size());
                        return Map.of();
                      });
                });

    assertThat(page.items()).isEmpty();
    assertThat(candidates).hasValue(50 * most);
    assertThat(statements).hasValueBetween(1, 4);
  }

  @Test
  void theConfigurationIsTheColumns() {
    write(alice, "drafts", word + " running");
    write(alice, "notes", word + " running");

    Page<String> stemmed =
        plinth.as(alice).read(tx -> notes.searchDrafts(tx, query(word + " runs"), first(9)));

    assertThat(stemmed.items()).hasSize(1);
    assertThat(search(alice, word + " runs")).isEmpty();
  }

  @Test
  void whatResemblesIsFoundTheClosestFirst() {
    write(alice, "notes", "export of invoices fails " + word);
    write(alice, "notes", "exports of invoice fail sometimes " + word);
    write(alice, "notes", "an altogether different thing");

    Page<String> similar =
        plinth
            .as(alice)
            .read(tx -> notes.similar(tx, query("export of invoices fail " + word), first(9)));

    assertThat(similar.items())
        .containsExactly(
            "export of invoices fails " + word, "exports of invoice fail sometimes " + word);
  }

  @Test
  void aCursorOfAnotherQueryFilterOrOrganizationIsRefused() {
    write(alice, "notes", word + " one");
    write(alice, "notes", word + " two");
    Page<String> page = plinth.as(alice).read(tx -> notes.search(tx, query(word), first(1)));
    PageRequest next = PageRequest.after(page.next().orElseThrow(), 1);

    refused(alice, query("other"), next);
    refused(alice, query(word).within("a filter"), next);
    refused(carol, query(word), next);
    assertThatThrownBy(() -> plinth.as(alice).read(tx -> notes.similar(tx, query(word), next)))
        .isInstanceOf(InvalidCursorException.class);
  }

  @Test
  void theSystemSearchesNoOrganization() {
    write(alice, "notes", word);

    int found = plinth.asSystem("test").read(tx -> tx.dsl().fetch(CANDIDATES, word).size());

    assertThat(found).isZero();
  }

  private static final String CANDIDATES =
      "SELECT id, rank FROM plinth_notes.search_notes(?, NULL, NULL, 1000)";

  private List<String> candidates(Member member) {
    return plinth
        .as(member)
        .read(tx -> tx.dsl().fetch(CANDIDATES, word).map(row -> row.get(0) + " " + row.get(1)));
  }

  private void refused(Member member, SearchQuery query, PageRequest request) {
    assertThatThrownBy(() -> plinth.as(member).read(tx -> notes.search(tx, query, request)))
        .isInstanceOf(InvalidCursorException.class);
  }

  private List<String> search(Member member, String text) {
    return plinth.as(member).read(tx -> notes.search(tx, query(text), first(100))).items();
  }

  private void write(Member member, String table, String text) {
    plinth.as(member).run(tx -> notes.write(tx, table, text));
  }

  /** Many notes, made behind the scenes. */
  private void write(TestDatabase database, Member author, int count) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO plinth_notes.notes (organization_id, author_id, text)
          SELECT '%s', '%s', '%s' FROM generate_series(1, %d)
          """
              .formatted(author.organizationId(), author.userId(), word, count));
    }
  }

  private static SearchQuery query(String text) {
    return SearchQuery.of(text);
  }

  private static PageRequest first(int limit) {
    return PageRequest.first(limit);
  }
}
