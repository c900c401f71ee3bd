// SPDX-License-Identifier: EUPL-1.2
// PostgreSQL full text: the configuration "german" after unaccent, setweight A/B/D, GIN, ts_rank, pg_trgm for words
// nobody wrote, prepared statements over a unix socket.
#include <algorithm>
#include <array>
#include <set>

#include "engine.h"
#include "postgres_client.h"
#include "postgres_server.h"
#include "words.h"

namespace verbund::bench {
namespace {

// The last two: alternatives.
constexpr std::array<const char*, 3> filters = {"bit string", "intarray in GIN", "table of offers"};

const std::string best_first = " ORDER BY ts_rank(words, q) DESC LIMIT 10";

class Postgresql : public Engine {
 public:
  void build(const Corpus& corpus, const EngineSettings& settings) override {
    folder_ = settings.work;
    server_ = std::make_unique<PostgresServer>(settings.postgres_bin, folder_);
    client_.connect(server_->connection());
    write_texts(corpus);
    write_words(corpus);
    write_places(corpus);
    client_.execute("VACUUM ANALYZE");
    prepare();
  }

  void build_alternatives(const Corpus& corpus) override {
    write_alternatives(corpus);
    client_.execute("VACUUM ANALYZE");
    prepare_alternatives();
    alternatives_ = true;
  }

  std::string setup() const override {
    const int version = client_.version();
    return "PostgreSQL " + std::to_string(version / 10'000) + "." + std::to_string(version % 10'000) +
           ", german + unaccent, setweight A/B/D, GIN, ts_rank, pg_trgm, offers as bit strings, prepared statements, "
           "unix socket, jit off, shared_buffers 1 GB, server and client on one core";
  }
  std::vector<std::string> configurations() const override {
    std::vector<std::string> out;
    for (std::size_t filter = 0; filter < (alternatives_ ? filters.size() : 1); ++filter) {
      for (const char* words : {"AND, else OR; ", "OR; "}) out.push_back(words + std::string(filters[filter]));
    }
    return out;
  }
  std::vector<std::string> point_configurations() const override {
    if (!alternatives_) return {"walk in one statement"};
    return {"walk in one statement", "ORDER BY level"};
  }
  std::vector<int> helpers() const override { return server_->processes(); }
  std::string files() const override { return folder_; }

  std::size_t search(std::size_t configuration, const Query& query) override {
    found_.clear();
    std::vector<std::string> words = typed_words(query.text);
    if (words.empty()) return 0;
    const std::string statement = "search" + std::to_string(configuration / 2);
    const std::string places = int_array(query.place.areas);
    if (configuration % 2 == 0) {
      // Words are looked up only where all of them together find nothing.
      run(statement, expression(words, " & "), places);
      if (found_.empty() && correct(words)) run(statement, expression(words, " & "), places);
      if (!found_.empty() || words.size() == 1) return found_.size();
    } else {
      correct(words);
    }
    run(statement, expression(words, " | "), places);
    return found_.size();
  }

  std::vector<std::uint32_t> services() const override { return found_; }

  std::size_t look_up(std::size_t configuration, const Point& point) override {
    units_.clear();
    std::string service, role;
    append(service, point.service_number);
    append(role, point.role_number);
    const std::string places = int_array(point.place.areas);
    const Answer answer = client_.ask(configuration == 0 ? "duty_walk" : "duty_sorted",
                                      {{service, 1}, {role, 1}, {places, 1}});
    if (answer.rows() > 0) units_ = numbers_of(answer.at(0, 0));
    return units_.size();
  }

  std::vector<std::uint32_t> units() const override { return units_; }

 private:
  void write_texts(const Corpus& corpus) {
    client_.execute("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm; CREATE EXTENSION intarray;"
            "CREATE TEXT SEARCH CONFIGURATION de (COPY = german);"
            "ALTER TEXT SEARCH CONFIGURATION de ALTER MAPPING FOR hword, hword_part, word, asciiword, asciihword,"
            " hword_asciipart WITH unaccent, german_stem;"
            "CREATE TEMP TABLE raw(id int, title text, terms text, body text)");
    client_.copy("raw", [&](const auto& write) {
      for (std::uint32_t i = 0; i < corpus.documents.size(); ++i) {
        const Document& text = corpus.documents[i];
        std::string line = std::to_string(i) + '\t';
        for (const std::string* part : {&text.title, &text.terms, &text.body}) {
          PostgresClient::append_text(line, *part);
          if (part != &text.body) line += '\t';
        }
        write(line);
      }
    });
    client_.execute("CREATE TABLE service(id int PRIMARY KEY, words tsvector);"
            "ALTER TABLE service ALTER words SET STORAGE EXTERNAL;"
            "INSERT INTO service SELECT id, setweight(to_tsvector('de', title), 'A') ||"
            " setweight(to_tsvector('de', terms), 'B') || to_tsvector('de', body) FROM raw;"
            "CREATE INDEX ON service USING gin(words) WITH (fastupdate = off)");
  }

  // Manual, F.35.5: a table of all words as they stand, compared by trigrams.
  void write_words(const Corpus& corpus) {
    std::set<std::string> strong;
    for (const Document& text : corpus.documents) {
      for (const std::string* part : {&text.title, &text.terms}) {
        for (std::string& word : vocabulary(*part, 4)) strong.insert(std::move(word));
      }
    }
    client_.execute("CREATE TABLE word(word text COLLATE \"C\");"
            "INSERT INTO word SELECT word FROM ts_stat("
            "'SELECT to_tsvector(''simple'', title || '' '' || terms || '' '' || body) FROM raw');"
            "CREATE UNIQUE INDEX ON word(word); CREATE TABLE strong_word(word text COLLATE \"C\")");
    client_.copy("strong_word", [&](const auto& write) {
      for (const std::string& word : strong) write(word);
    });
    client_.execute("CREATE INDEX ON strong_word USING gin(word gin_trgm_ops)");
  }

  void write_places(const Corpus& corpus) {
    client_.execute("CREATE TABLE place(area int PRIMARY KEY, services bit varying);"
            "ALTER TABLE place ALTER services SET STORAGE EXTERNAL");
    std::vector<std::vector<std::uint32_t>> by_area(corpus.areas.size());
    for (const Offer& at : corpus.offers) by_area[at.area].push_back(at.service);
    client_.copy("place", [&](const auto& write) {
      for (std::size_t area = 0; area < by_area.size(); ++area) {
        std::string bits(corpus.documents.size(), '0');
        for (const std::uint32_t service : by_area[area]) bits[service] = '1';
        write(std::to_string(area) + '\t' + bits);
      }
    });
    client_.execute("CREATE TABLE duty(service int, role int, area int, units int[])");
    client_.copy("duty", [&](const auto& write) {
      each_duty_row(corpus, [&](const DutyRow& row) {
        write(std::to_string(row.service) + '\t' + std::to_string(row.role) + '\t' + std::to_string(row.area) + '\t' +
              PostgresClient::braces(row.units));
      });
    });
    client_.execute("CREATE UNIQUE INDEX ON duty(service, role, area) INCLUDE (units)");
  }

  void write_alternatives(const Corpus& corpus) {
    client_.execute("CREATE TABLE offer(service int, area int)");
    client_.copy("offer", [&](const auto& write) {
      for (const Offer& at : corpus.offers) write(std::to_string(at.service) + '\t' + std::to_string(at.area));
    });
    client_.execute("CREATE UNIQUE INDEX ON offer(service, area);"
            "CREATE TABLE placed AS SELECT id, words, areas FROM service JOIN (SELECT service, array_agg(area) AS areas"
            " FROM offer GROUP BY service) o ON o.service = id;"
            "ALTER TABLE placed ALTER words SET STORAGE EXTERNAL;"
            "CREATE INDEX ON placed USING gin(words, areas gin__int_ops) WITH (fastupdate = off)");
  }

  void prepare() {
    // All data is in memory and every plan is known: no time for planning again, no sequential scans.
    client_.execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off");
    client_.prepare("search0", "WITH here AS MATERIALIZED (SELECT bit_or(services) AS services FROM place"
                           " WHERE area = ANY($2::int[])) SELECT id FROM service, to_tsquery('de', $1) q, here"
                           " WHERE words @@ q AND get_bit(here.services, id) = 1" + best_first);
    client_.prepare("words", "SELECT w, (SELECT string_agg(word, ' ') FROM (SELECT word FROM strong_word WHERE word % w"
                         " ORDER BY similarity(word, w) DESC LIMIT 8) AS near)"
                         " FROM unnest($1::text[]) w WHERE NOT EXISTS (SELECT 1 FROM word WHERE word = w)");
    client_.prepare("begins", "SELECT 1 FROM word WHERE word >= $1::text AND word < $1::text || chr(1114111) LIMIT 1");
    client_.prepare("duty_walk", "SELECT d.units FROM unnest($3::int[]) place, LATERAL (SELECT units FROM duty WHERE"
                             " service = $1::int AND role = $2::int AND area = place LIMIT 1) d LIMIT 1");
  }

  void prepare_alternatives() {
    const std::string from = ", to_tsquery('de', $1) q WHERE words @@ q AND ";
    client_.prepare("search1", "SELECT id FROM placed" + from + "areas && $2::int[]" + best_first);
    client_.prepare("search2", "SELECT id FROM service" + from + "EXISTS (SELECT 1 FROM offer WHERE service = id AND"
                           " area = ANY($2::int[]))" + best_first);
    client_.prepare("duty_sorted", "SELECT units FROM duty WHERE service = $1::int AND role = $2::int AND"
                               " area = ANY($3::int[]) ORDER BY array_position($3::int[], area) LIMIT 1");
  }

  // Unknown words become the nearest known ones. True: one was changed.
  bool correct(std::vector<std::string>& words) {
    std::string list = "{";
    for (const std::string& word : words) list += (list.size() > 1 ? "," : "") + ('"' + word + '"');
    list += '}';
    const Answer answer = client_.ask("words", {{list, 0}});
    bool changed = false;
    for (int row = 0; row < answer.rows(); ++row) {
      const std::string unknown = answer.at(row, 0);
      if (answer.is_null(row, 1)) continue;
      // The last word may go on.
      if (unknown == words.back() && client_.ask("begins", {{unknown, 0}}).rows() > 0) continue;
      std::vector<std::string> candidates;
      for (const std::string_view word : split_words(answer.at(row, 1))) candidates.emplace_back(word);
      const std::string better = nearest(unknown, candidates);
      if (better.empty()) continue;
      std::replace(words.begin(), words.end(), unknown, better);
      changed = true;
    }
    return changed;
  }

  static std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i <= text.size();) {
      const std::size_t end = std::min(text.find(' ', i), text.size());
      if (end > i) out.emplace_back(text.substr(i, end - i));
      i = end + 1;
    }
    return out;
  }

  static std::string expression(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (const std::string& word : words) {
      if (!out.empty()) out += between;
      out += '\'' + word + '\'';
    }
    return out + ":*";   // the last word may go on
  }

  void run(const std::string& statement, const std::string& expression, const std::string& places) {
    const Answer answer = client_.ask(statement.c_str(), {{expression, 0}, {places, 1}});
    for (int row = 0; row < answer.rows(); ++row) found_.push_back(number_at(answer.at(row, 0)));
  }

  std::string folder_;
  std::unique_ptr<PostgresServer> server_;
  PostgresClient client_;
  bool alternatives_ = false;
  std::vector<std::uint32_t> found_, units_;
};

}  // namespace

std::unique_ptr<Engine> make_postgresql() { return std::make_unique<Postgresql>(); }

}  // namespace verbund::bench
