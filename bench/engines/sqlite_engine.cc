// SPDX-License-Identifier: EUPL-1.2
// SQLite FTS5: a tokenizer of the application (unicode61 without diacritics, then the German stemmer, made like the
// built-in porter), bm25 with weights of columns, prefix indexes, words of the vocabulary by trigrams for spelling.
#include <algorithm>
#include <array>
#include <set>

#include "engine.h"
#include "sqlite_statement.h"
#include "sqlite_tokenizer.h"
#include "words.h"

namespace verbund::bench {
namespace {

// bm25 weights: title, terms, body.
constexpr const char* weights = "10.0, 6.0, 1.0";
// The last: an alternative.
constexpr std::array<const char*, 3> filters = {"function, lazily", "function, first", "table"};
constexpr std::size_t most_candidates = 24;   // words from the trigram table that are compared letter by letter
enum LookUp : std::size_t { integer_key, without_rowid };   // the last: an alternative

class Sqlite : public Engine {
 public:
  ~Sqlite() override { close(); }

  void build(const Corpus& corpus, const EngineSettings& settings) override {
    folder_ = settings.work;
    offered_ = std::make_unique<OfferBits>(corpus);
    open(folder_ + "/compare.sqlite", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN");
    write_texts(corpus);
    write_words(corpus);
    write_places(corpus);
    execute("COMMIT; ANALYZE");
    sqlite3_close(database_);
    open_finished();
  }

  void build_alternatives(const Corpus& corpus) override {
    close();
    open(folder_ + "/compare.sqlite", SQLITE_OPEN_READWRITE);
    execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN");
    write_alternatives(corpus);
    execute("COMMIT; ANALYZE");
    sqlite3_close(database_);
    alternatives_ = true;
    open_finished();
  }

  std::string setup() const override {
    return "SQLite " + std::string(sqlite3_libversion()) +
           " FTS5 contentless, unicode61 + Snowball German, prefix='2 3 4', bm25(10, 6, 1), trigrams for spelling, "
           "offers as a function over bits, optimized, immutable, mapped";
  }
  std::vector<std::string> configurations() const override {
    std::vector<std::string> out;
    for (std::size_t filter = 0; filter < searches_.size(); ++filter) {
      for (const char* words : {"AND, else OR; ", "OR; "}) out.push_back(words + std::string(filters[filter]));
    }
    return out;
  }
  std::vector<std::string> point_configurations() const override {
    if (!alternatives_) return {"integer key"};
    return {"integer key", "WITHOUT ROWID"};
  }
  std::string files() const override { return folder_; }

  std::size_t search(std::size_t configuration, const Query& query) override {
    Statement& statement = searches_[configuration / 2];
    offered_->set_place(query.place);
    std::vector<std::string> words = typed_words(query.text);
    count_ = 0;
    if (words.empty()) return 0;
    const bool partial = correct(words);
    const bool both = configuration % 2 == 0;
    if (both) run(statement, expression(words, " AND ", partial), query.place);
    if (count_ == 0 && (!both || words.size() > 1)) run(statement, expression(words, " OR ", partial), query.place);
    return count_;
  }

  std::vector<std::uint32_t> services() const override { return {found_.begin(), found_.begin() + count_}; }

  std::size_t look_up(std::size_t configuration, const Point& point) override {
    units_.clear();
    Statement& statement = configuration == integer_key ? by_key_ : by_columns_;
    for (const std::uint32_t area : point.place.areas) {
      if (configuration == integer_key) {
        statement.bind(1, key(point.service_number, point.role_number, area));
      } else {
        statement.bind(1, point.service_number).bind(2, point.role_number).bind(3, area);
      }
      const bool there = statement.step();
      if (there) {
        const std::string_view bytes = statement.bytes(0);
        units_.resize(bytes.size() / 4);
        std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(units_.data()));
      }
      statement.reset();
      if (there) break;
    }
    return units_.size();
  }

  std::vector<std::uint32_t> units() const override { return units_; }

 private:
  void close() {
    searches_.clear();
    for (Statement* statement : {&known_, &begins_, &near_, &by_key_, &by_columns_}) *statement = Statement();
    sqlite3_close(database_);
  }

  void open_finished() {
    open("file:" + folder_ + "/compare.sqlite?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    execute("PRAGMA mmap_size = 4294967296; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY");
    prepare();
  }

  void open(const std::string& name, int flags) {
    if (sqlite3_open_v2(name.c_str(), &database_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
      give_up("sqlite: " + name + " cannot be opened");
    }
    if (!register_german_tokenizer(database_)) give_up("sqlite: FTS5 is missing");
    const auto offered = [](sqlite3_context* context, int, sqlite3_value** values) {
      const auto& bits = *static_cast<const OfferBits*>(sqlite3_user_data(context));
      sqlite3_result_int(context, bits(static_cast<std::uint32_t>(sqlite3_value_int64(values[0]))) ? 1 : 0);
    };
    sqlite3_create_function_v2(database_, "offered", 1, SQLITE_UTF8, offered_.get(), offered, nullptr, nullptr,
                               nullptr);
  }

  void execute(const std::string& sql) {
    if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      give_up("sqlite: " + std::string(sqlite3_errmsg(database_)) + " in " + sql);
    }
  }

  void write_texts(const Corpus& corpus) {
    execute("CREATE VIRTUAL TABLE texts USING fts5(title, terms, body, content='', tokenize='german', prefix='2 3 4');"
            "INSERT INTO texts(texts, rank) VALUES('rank', 'bm25(" + std::string(weights) + ")');"
            "INSERT INTO texts(texts, rank) VALUES('hashsize', 134217728)");
    Statement insert(database_, "INSERT INTO texts(rowid, title, terms, body) VALUES(?1, ?2, ?3, ?4)");
    for (std::uint32_t service = 0; service < corpus.documents.size(); ++service) {
      const Document& text = corpus.documents[service];
      insert.bind(1, service).bind(2, text.title).bind(3, text.terms).bind(4, text.body).run();
    }
    execute("INSERT INTO texts(texts) VALUES('optimize')");
  }

  // Stems that are known, and the words of titles and terms by their trigrams.
  void write_words(const Corpus& corpus) {
    execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(texts, row);"
            "CREATE TABLE known(stem TEXT PRIMARY KEY) WITHOUT ROWID;"
            "INSERT INTO known SELECT term FROM vocabulary;"
            "CREATE VIRTUAL TABLE near USING fts5(word, tokenize='trigram')");
    std::set<std::string> words;
    for (const Document& text : corpus.documents) {
      for (const std::string* part : {&text.title, &text.terms}) words.merge(to_set(vocabulary(*part, 4)));
    }
    Statement insert(database_, "INSERT INTO near(word) VALUES(?1)");
    for (const std::string& word : words) insert.bind(1, word).run();
    execute("INSERT INTO near(near) VALUES('optimize')");
  }
  static std::set<std::string> to_set(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

  void write_places(const Corpus& corpus) {
    execute("CREATE TABLE duty_by_key(key INTEGER PRIMARY KEY, units BLOB)");
    Statement by_key(database_, "INSERT INTO duty_by_key VALUES(?1, ?2)");
    each_duty_row(corpus, [&](const DutyRow& row) {
      by_key.bind(1, key(row.service, row.role, row.area)).bind_blob(2, row.units).run();
    });
  }

  void write_alternatives(const Corpus& corpus) {
    execute("CREATE TABLE offer(area INTEGER, service INTEGER, PRIMARY KEY(area, service)) WITHOUT ROWID;"
            "CREATE TABLE duty(service INTEGER, role INTEGER, area INTEGER, units BLOB,"
            " PRIMARY KEY(service, role, area)) WITHOUT ROWID");
    std::vector<Offer> offers = corpus.offers;
    std::sort(offers.begin(), offers.end(), [](const Offer& a, const Offer& b) {
      return std::pair(a.area, a.service) < std::pair(b.area, b.service);
    });
    Statement offer(database_, "INSERT INTO offer VALUES(?1, ?2)");
    for (const Offer& at : offers) offer.bind(1, at.area).bind(2, at.service).run();
    Statement duty(database_, "INSERT INTO duty VALUES(?1, ?2, ?3, ?4)");
    each_duty_row(corpus, [&](const DutyRow& row) {
      duty.bind(1, row.service).bind(2, row.role).bind(3, row.area).bind_blob(4, row.units).run();
    });
  }

  static std::int64_t key(std::uint32_t service, std::uint32_t role, std::uint32_t area) {
    return std::int64_t{service} << 32 | std::int64_t{role} << 24 | std::int64_t{area};
  }

  void prepare() {
    const std::string match = "SELECT rowid FROM texts WHERE texts MATCH ?1 AND ";
    const std::string by_weight = " ORDER BY bm25(texts, " + std::string(weights) + ") LIMIT 10";
    searches_.emplace_back(database_, match + "offered(rowid) ORDER BY rank LIMIT 10");
    searches_.emplace_back(database_, match + "offered(rowid)" + by_weight);
    if (alternatives_) {
      searches_.emplace_back(database_, match + "EXISTS (SELECT 1 FROM offer WHERE area IN (?2, ?3, ?4, ?5, ?6, ?7)"
                                              " AND service = texts.rowid)" + by_weight);
      by_columns_ = Statement(database_, "SELECT units FROM duty WHERE service = ?1 AND role = ?2 AND area = ?3");
    }
    known_ = Statement(database_, "SELECT 1 FROM known WHERE stem = ?1");
    begins_ = Statement(database_, "SELECT 1 FROM known WHERE stem >= ?1 AND stem < ?1 || char(1114111) LIMIT 1");
    near_ = Statement(database_, "SELECT word FROM near WHERE near MATCH ?1 ORDER BY rank LIMIT ?2");
    by_key_ = Statement(database_, "SELECT units FROM duty_by_key WHERE key = ?1");
  }

  // Unknown words become the nearest known ones. True: the last one may go on.
  bool correct(std::vector<std::string>& words) {
    bool partial = false;
    for (std::string& word : words) {
      if (&word == &words.back() && there(begins_, folded(word))) {
        partial = true;
        continue;
      }
      if (there(known_, german_stem(word))) continue;
      if (std::string better = nearest(word, candidates(word)); !better.empty()) word = std::move(better);
    }
    return partial;
  }

  static bool there(Statement& statement, const std::string& text) {
    const bool found = statement.bind(1, text).step();
    statement.reset();
    return found;
  }

  std::vector<std::string> candidates(std::string_view word) {
    std::vector<std::string> out;
    std::string grams;
    std::vector<std::size_t> letters;   // where each begins
    for (std::size_t i = 0; i < word.size(); ++i) {
      if ((static_cast<unsigned char>(word[i]) & 0xC0) != 0x80) letters.push_back(i);
    }
    letters.push_back(word.size());
    for (std::size_t i = 0; i + 3 < letters.size(); ++i) {
      grams += grams.empty() ? "\"" : " OR \"";
      grams += word.substr(letters[i], letters[i + 3] - letters[i]);
      grams += '"';
    }
    if (grams.empty()) return out;
    near_.bind(1, grams).bind(2, static_cast<std::int64_t>(most_candidates));
    while (near_.step()) out.emplace_back(near_.bytes(0));
    near_.reset();
    return out;
  }

  static std::string expression(const std::vector<std::string>& words, std::string_view between, bool partial) {
    std::string out;
    for (const std::string& word : words) {
      if (!out.empty()) out += between;
      const bool open = partial && &word == &words.back();
      out += open ? "(\"" + word + "\" OR \"" + folded(word) + "\" *)" : '"' + word + '"';
    }
    return out;
  }

  void run(Statement& statement, const std::string& match, const Place& place) {
    statement.bind(1, match);
    if (&statement - searches_.data() == 2) {
      for (std::size_t i = 0; i < most_levels; ++i) {
        statement.bind(static_cast<int>(2 + i), i < place.areas.size() ? std::int64_t{place.areas[i]} : -1);
      }
    }
    for (count_ = 0; count_ < most_hits && statement.step(); ++count_) {
      found_[count_] = static_cast<std::uint32_t>(statement.number(0));
    }
    statement.reset();
  }

  std::string folder_;
  sqlite3* database_ = nullptr;
  bool alternatives_ = false;
  std::unique_ptr<OfferBits> offered_;
  std::vector<Statement> searches_;
  Statement known_, begins_, near_, by_key_, by_columns_;
  std::array<std::uint32_t, most_hits> found_{};
  std::size_t count_ = 0;
  std::vector<std::uint32_t> units_;
};

}  // namespace

std::unique_ptr<Engine> make_sqlite() { return std::make_unique<Sqlite>(); }

}  // namespace verbund::bench
