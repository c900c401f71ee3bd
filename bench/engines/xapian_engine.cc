// SPDX-License-Identifier: EUPL-1.2
// Xapian 1.4 as its "Getting Started" guide sets it up: TermGenerator and QueryParser with the German stemmer, weight
// of titles and terms by wdf, boolean terms as filter, spelling dictionary, compacted database opened read-only.
#include <algorithm>
#include <array>
#include <filesystem>

#include <xapian.h>

#include "engine.h"

namespace verbund::bench {
namespace {

enum Search : std::size_t { and_then_or, or_filter, and_decider, or_decider };
enum LookUp : std::size_t { metadata, term_and_document };

constexpr int write_flags = Xapian::DB_CREATE_OR_OVERWRITE | Xapian::DB_NO_SYNC | Xapian::DB_DANGEROUS;
constexpr int title_weight = 10, terms_weight = 6;   // wdf_inc; the body has 1

// A filter as Xapian's MatchDecider, asked only for what ranks high enough: one bit a service and area, read once from
// the boolean terms.
class Offered : public Xapian::MatchDecider {
 public:
  void read(const Xapian::Database& database, std::size_t areas) {
    bits_.assign(areas, {});
    const Xapian::docid last = database.get_lastdocid();
    for (std::size_t area = 0; area < areas; ++area) {
      const std::string term = "A" + std::to_string(area);
      if (!database.term_exists(term)) continue;
      bits_[area].assign(last / 64 + 1, 0);
      for (auto at = database.postlist_begin(term); at != database.postlist_end(term); ++at) {
        bits_[area][*at / 64] |= std::uint64_t{1} << (*at % 64);
      }
    }
  }
  void place(const Place& place) {
    count_ = 0;
    for (const std::uint32_t area : place.areas) {
      if (!bits_[area].empty() && count_ < most_levels) here_[count_++] = bits_[area].data();
    }
  }
  bool operator()(const Xapian::Document& document) const override {
    const Xapian::docid id = document.get_docid();
    for (std::size_t i = 0; i < count_; ++i) {
      if ((here_[i][id / 64] >> (id % 64) & 1) != 0) return true;
    }
    return false;
  }

 private:
  std::vector<std::vector<std::uint64_t>> bits_;
  std::array<const std::uint64_t*, most_levels> here_{};
  std::size_t count_ = 0;
};

// (service, role, area) as 9 bytes, so that keys are short and without escapes.
std::string point_key(std::uint32_t service, std::uint32_t role, std::uint32_t area) {
  std::string key(9, '\0');
  key[0] = static_cast<char>('0' + role);
  for (std::size_t i = 0; i < 4; ++i) {
    key[1 + i] = static_cast<char>(service >> (24 - 8 * i));
    key[5 + i] = static_cast<char>(area >> (24 - 8 * i));
  }
  return key;
}

class XapianEngine : public Engine {
 public:
  void build(const Corpus& corpus, const EngineSettings& settings) override {
    folder_ = settings.work;
    // What is written is committed by us: no commit between, Xapian's manual on bulk indexing.
    ::setenv("XAPIAN_FLUSH_THRESHOLD", "1000000", 1);
    {
      Xapian::WritableDatabase texts(folder_ + "/texts-new", write_flags);
      index_texts(corpus, texts);
      texts.commit();
      texts.compact(folder_ + "/texts");
      texts.close();
    }
    std::filesystem::remove_all(folder_ + "/texts-new");
    points_ = index_points(corpus, "points", [](auto& to, const std::string& key, const std::string& units) {
      to.set_metadata(key, units);
    });
    texts_ = Xapian::Database(folder_ + "/texts");
    parser_.set_database(texts_);
    parser_.set_stemmer(stem_);
    parser_.set_stemming_strategy(Xapian::QueryParser::STEM_SOME);
    offered_.read(texts_, corpus.areas.size());
    enquire_ = std::make_unique<Xapian::Enquire>(texts_);
  }

  void build_alternatives(const Corpus& corpus) override {
    documents_ = index_points(corpus, "documents", [](auto& to, const std::string& key, const std::string& units) {
      Xapian::Document document;
      document.add_boolean_term("P" + key);
      document.set_data(units);
      to.add_document(document);
    });
    alternatives_ = true;
  }

  std::string setup() const override {
    return "Xapian " + std::string(Xapian::version_string()) +
           ", German stemmer, wdf 10/6/1 for titles/terms/texts, boolean area terms, BM25, compacted, read-only";
  }
  std::vector<std::string> configurations() const override {
    return {"AND, else OR; filter terms", "OR; filter terms", "AND, else OR; match decider", "OR; match decider"};
  }
  std::vector<std::string> point_configurations() const override {
    if (!alternatives_) return {"metadata key"};
    return {"metadata key", "term and document data"};
  }
  std::string files() const override { return folder_; }

  std::size_t search(std::size_t configuration, const Query& query) override {
    const bool both = configuration == and_then_or || configuration == and_decider;
    const bool decide = configuration == and_decider || configuration == or_decider;
    offered_.place(query.place);
    const Xapian::Query words = understand(query.text, both ? Xapian::Query::OP_AND : Xapian::Query::OP_OR);
    run(words, query.place, decide);
    if (both && set_.empty() && !words.empty()) {
      parser_.set_default_op(Xapian::Query::OP_OR);
      run(parser_.parse_query(understood_, flags_), query.place, decide);
    }
    count_ = 0;
    for (auto at = set_.begin(); at != set_.end(); ++at) found_[count_++] = *at;
    return count_;
  }

  std::vector<std::uint32_t> services() const override {
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < count_; ++i) out.push_back(found_[i] - 1);
    return out;
  }

  std::size_t look_up(std::size_t configuration, const Point& point) override {
    value_.clear();
    for (const std::uint32_t area : point.place.areas) {
      const std::string key = point_key(point.service_number, point.role_number, area);
      if (configuration == metadata) {
        value_ = points_.get_metadata(key);
      } else if (const auto at = documents_.postlist_begin("P" + key); at != documents_.postlist_end("P" + key)) {
        value_ = documents_.get_document(*at, Xapian::DOC_ASSUME_VALID).get_data();
      }
      if (!value_.empty()) break;
    }
    return value_.size() / sizeof(std::uint32_t);
  }

  std::vector<std::uint32_t> units() const override {
    std::vector<std::uint32_t> out(value_.size() / sizeof(std::uint32_t));
    std::copy(value_.begin(), value_.end(), reinterpret_cast<char*>(out.data()));
    return out;
  }

 private:
  void index_texts(const Corpus& corpus, Xapian::WritableDatabase& database) {
    Xapian::TermGenerator generator;
    generator.set_stemmer(stem_);
    generator.set_database(database);
    auto offer = corpus.offers.begin();
    for (std::uint32_t service = 0; service < corpus.documents.size(); ++service) {
      const Document& text = corpus.documents[service];
      Xapian::Document document;
      generator.set_document(document);
      // Words to correct to are those of titles and terms: fewer, quicker, and better than rare words of texts.
      generator.set_flags(Xapian::TermGenerator::FLAG_SPELLING);
      generator.index_text_without_positions(text.title, title_weight);
      generator.index_text_without_positions(text.terms, terms_weight);
      generator.set_flags(Xapian::TermGenerator::flags());
      generator.index_text_without_positions(text.body, 1);
      for (; offer != corpus.offers.end() && offer->service == service; ++offer) {
        document.add_boolean_term("A" + std::to_string(offer->area));
      }
      database.add_document(document);   // docid: service + 1
    }
  }

  template <typename Add>
  Xapian::Database index_points(const Corpus& corpus, const std::string& name, const Add& add) const {
    const std::string draft = folder_ + "/" + name + "-new", folder = folder_ + "/" + name;
    Xapian::WritableDatabase database(draft, write_flags);
    each_duty_row(corpus, [&](const DutyRow& row) {
      add(database, point_key(row.service, row.role, row.area),
          std::string(reinterpret_cast<const char*>(row.units.data()), row.units.size() * sizeof row.units[0]));
    });
    database.commit();
    database.compact(folder);
    database.close();
    std::filesystem::remove_all(draft);
    return Xapian::Database(folder);
  }

  // The last word may go on (FLAG_PARTIAL) if any word begins like it; else it is a word as the others and corrected.
  Xapian::Query understand(const std::string& typed, Xapian::Query::op op) {
    parser_.set_default_op(op);
    understood_ = typed;
    flags_ = Xapian::QueryParser::FLAG_SPELLING_CORRECTION;
    if (known_beginning(typed)) flags_ |= Xapian::QueryParser::FLAG_PARTIAL;
    Xapian::Query words = parser_.parse_query(typed, flags_);
    if (std::string better = parser_.get_corrected_query_string(); !better.empty()) {
      understood_ = std::move(better);
      flags_ &= ~static_cast<unsigned>(Xapian::QueryParser::FLAG_SPELLING_CORRECTION);
      words = parser_.parse_query(understood_, flags_);
    }
    flags_ &= ~static_cast<unsigned>(Xapian::QueryParser::FLAG_SPELLING_CORRECTION);
    return words;
  }

  bool known_beginning(const std::string& typed) {
    std::size_t begin = typed.size();
    while (begin > 0 && typed[begin - 1] != ' ' && typed[begin - 1] != '-') --begin;
    const std::string last = Xapian::Unicode::tolower(typed.substr(begin));
    if (last.empty()) return false;
    const auto at = texts_.allterms_begin(last);
    return at != texts_.allterms_end(last);
  }

  void run(const Xapian::Query& words, const Place& place, bool decide) {
    if (decide) {
      enquire_->set_query(words);
      set_ = enquire_->get_mset(0, most_hits, 0, nullptr, &offered_);
      return;
    }
    std::array<std::string, most_levels> terms;
    std::size_t count = 0;
    for (const std::uint32_t area : place.areas) terms[count++] = "A" + std::to_string(area);
    const Xapian::Query here(Xapian::Query::OP_OR, terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(count));
    enquire_->set_query(Xapian::Query(Xapian::Query::OP_FILTER, words, here));
    set_ = enquire_->get_mset(0, most_hits);
  }

  std::string folder_;
  Xapian::Stem stem_{"german2"};
  Xapian::Database texts_, points_, documents_;
  bool alternatives_ = false;
  Xapian::QueryParser parser_;
  std::unique_ptr<Xapian::Enquire> enquire_;
  Offered offered_;
  std::string understood_;
  unsigned flags_ = 0;
  Xapian::MSet set_;
  std::array<std::uint32_t, most_hits> found_{};
  std::size_t count_ = 0;
  std::string value_;
};

}  // namespace

std::unique_ptr<Engine> make_xapian() { return std::make_unique<XapianEngine>(); }

}  // namespace verbund::bench
