// SPDX-License-Identifier: EUPL-1.2
// Words and a place to services.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "directory/finder/acts.h"
#include "directory/finder/near_words.h"
#include "directory/finder/query.h"
#include "directory/finder/service_text.h"
#include "directory/finder/snapshot_state.h"
#include "kits/search/searcher.h"

namespace verbund::directory {
namespace {

using finder::ResponsibilityIndex;
using Offer = ResponsibilityIndex::Offer;

constexpr std::size_t most_hits = 100;
constexpr std::uint16_t unknown_place = 19'661;   // of 65536 off: nobody said where it is offered
constexpr std::uint16_t partial_place = 6'554;    // offered somewhere inside the place asked for
constexpr std::uint16_t online_bonus = 164;       // of 16384
constexpr double elsewhere_score = 0.001;         // keeps services of other places below every local one
constexpr std::uint16_t near_equal = 64;          // of 16384: so close, what is offered at more places comes first
constexpr std::uint32_t title_begins_bonus = search::one / 2;
constexpr std::uint32_t identified_boost = 3 * search::one;   // the query is the key or the id of the service
constexpr std::size_t most_title_beginnings = 2'000;
constexpr std::size_t most_nearest = 5;
constexpr std::size_t most_near_words = 3;

// What one search needs; kept by its thread.
struct Scratch {
  finder::Query query;
  search::Scratch memory;
  search::Answer answer;
  std::vector<search::Boost> boosts;
  std::vector<std::uint32_t> titles;
  std::vector<std::string_view> place_words;
  ResponsibilityIndex::Scratch offered;
  std::array<search::Layer, 3> layers;
};

Scratch& scratch_of_thread() {
  thread_local Scratch scratch;
  return scratch;
}

class Search {
 public:
  Search(const Snapshot::State& state, std::string_view typed, const AreaKey& area, Scratch& scratch)
      : state_(state), scratch_(scratch), area_(state.places->current(area)),
        place_(state.responsibilities.place(area_)) {
    state.places->words_of(area_, scratch_.place_words);
    scratch_.query.read(typed, scratch_.place_words);
    drop_postal_code();
    scratch_.query.join_verbs(state.text.text().words());
    scratch_.boosts.clear();
    add_identified(typed);
    look_around();
  }

  finder::Query& query() { return scratch_.query; }
  const ResponsibilityIndex::Place& place() const { return place_; }
  const search::Answer& answer() const { return scratch_.answer; }
  bool offered_here(std::uint32_t service) const { return finder::ServiceBits::test(here_, service); }

  // Services whose title begins as typed are meant before others.
  void prefer_titles() {
    state_.text.with_title_beginning(scratch_.query.folded(), most_title_beginnings, scratch_.titles);
    for (const std::uint32_t service : scratch_.titles) boost(service, title_begins_bonus);
  }

  // Services of other places only, too: after all others, while there is room.
  void with_elsewhere(bool outside) { outside_ = outside; }

  search::Query request(std::size_t offset, std::size_t limit, bool relax) {
    search::Query out;
    out.words = scratch_.query.words();
    std::sort(scratch_.boosts.begin(), scratch_.boosts.end(),
              [](const search::Boost& a, const search::Boost& b) { return a.document < b.document; });
    out.boosts = scratch_.boosts;
    out.filter.bonus_documents = online_;
    out.filter.bonus = online_bonus;
    out.preference = {&state_, &importance, &id_before, state_.ordered_services, near_equal};
    // Without a place every service is as near as any other.
    if (area_ != AreaKey()) out.filter.layers = scratch_.layers;
    out.filter.outside = outside_;
    out.offset = offset;
    out.limit = limit;
    out.relax = relax;
    return out;
  }

  std::vector<search::Explanation> explain(std::size_t offset, std::size_t limit) {
    run(offset, limit);
    std::vector<std::uint32_t> services;
    for (const search::Match& match : scratch_.answer.matches) services.push_back(match.document);
    return search::explain(state_.text.text(), state_.text.overlay(), request(offset, limit, false), services,
                           scratch_.memory, scratch_.answer);
  }

  void run(std::size_t offset, std::size_t limit, bool relax = false) {
    search::search(state_.text.text(), state_.text.overlay(), request(offset, limit, relax), scratch_.memory,
                   scratch_.answer);
  }

 private:
  static std::uint8_t importance(const void* state, std::uint32_t service) {
    return static_cast<const Snapshot::State*>(state)->responsibilities.breadth(service);
  }
  static bool id_before(const void* state, std::uint32_t a, std::uint32_t b) {
    return static_cast<const Snapshot::State*>(state)->id_before(a, b);
  }

  void boost(std::uint32_t service, std::uint32_t add) {
    for (search::Boost& known : scratch_.boosts) {
      if (known.document == service) {
        known.add = std::max(known.add, add);
        return;
      }
    }
    scratch_.boosts.push_back({service, add});
  }

  // "Reisepass 22846": the place is asked for apart.
  void drop_postal_code() {
    const auto words = scratch_.query.words();
    if (words.size() < 2) return;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!state_.places->is_postal_code(words[i].text)) continue;
      scratch_.query.drop(i);
      return;
    }
  }

  void add_identified(std::string_view typed) {
    if (const auto key = service_key_number(scratch_.query.digits())) {
      for (auto at = std::lower_bound(state_.keys.begin(), state_.keys.end(), std::pair{*key, std::uint32_t{0}});
           at != state_.keys.end() && at->first == *key; ++at) {
        boost(at->second, identified_boost);
      }
    }
    const std::string_view id_like = trim(cut_utf8(typed, finder::query_bytes_read));
    if (id_like.find('.') == std::string_view::npos) return;
    if (const auto id = parse_external_id(ObjectKind::service, id_like)) {
      const std::uint32_t service = state_.find_service(*id);
      if (service != IdTable::none) boost(service, identified_boost);
    }
  }

  // Where each service is offered, seen from the place.
  void look_around() {
    const auto offered = state_.responsibilities.offered(place_, scratch_.offered);
    here_ = offered.here;
    online_ = offered.online;
    scratch_.layers = {search::Layer{offered.here, 0}, search::Layer{offered.within, partial_place},
                       search::Layer{offered.unknown, unknown_place}};
  }

  const Snapshot::State& state_;
  Scratch& scratch_;
  AreaKey area_;
  ResponsibilityIndex::Place place_;
  std::span<const std::uint64_t> here_, online_;
  bool outside_ = true;
};

UnderstoodWord::How how_of(search::Taken taken) {
  using How = UnderstoodWord::How;
  switch (taken) {
    case search::Taken::word:
    case search::Taken::also: return How::known;
    case search::Taken::joined: return How::joined;
    case search::Taken::parts: return How::compound;
    case search::Taken::completed: return How::completed;
    case search::Taken::corrected:
    case search::Taken::corrected_beginning: return How::corrected;
    case search::Taken::piece: return How::piece;
    case search::Taken::unknown: break;
  }
  return How::unknown;
}

HitExplanation::Offered offered_of(Offer offer, const AreaKey& area) {
  using Offered = HitExplanation::Offered;
  if (area == AreaKey()) return Offered::not_asked;
  switch (offer) {
    case Offer::here: return Offered::here;
    case Offer::within: return Offered::within;
    case Offer::unknown: return Offered::unknown;
    case Offer::elsewhere: break;
  }
  return Offered::elsewhere;
}

// How a title writes a word of the query: the word of the same stem; "" if there is none.
std::string met_in(std::string_view title, std::string_view folded) {
  const std::string stem = finder::acts().stem(folded);
  text::WordList words;
  words.read(title);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (finder::acts().stem_view(words[i]) != stem) continue;
    const std::string_view source = words.source(i, title);
    return std::string(source.empty() ? words[i] : source);
  }
  return {};
}

}  // namespace

std::vector<HitExplanation> Snapshot::explain(const SearchRequest& request) const {
  Search search(*state_, request.query, request.area, scratch_of_thread());
  search.with_elsewhere(request.elsewhere);
  const auto why = search.explain(request.offset, std::clamp<std::size_t>(request.limit, 1, most_hits));
  const auto share = [](std::uint32_t units) { return static_cast<double>(units) / search::one; };
  std::vector<HitExplanation> out;
  for (std::size_t i = 0; i < why.size(); ++i) {
    const search::Explanation& reason = why[i];
    HitExplanation& hit = out.emplace_back();
    hit.service = state_->brief(search.answer().matches[i].document);
    hit.outside = search.answer().matches[i].outside;
    hit.offered = offered_of(
        state_->responsibilities.offer(search.answer().matches[i].document, search.place()), request.area);
    for (std::size_t w = 0; w < reason.words.size(); ++w) {
      const search::WordExplanation& word = reason.words[w];
      HitExplanation::Word& shown = hit.words.emplace_back();
      shown.typed = search.query().typed(w);
      shown.how = how_of(word.how);
      shown.as = word.as;
      if (word.value > 0) shown.field = finder::field_name(word.field);
      if (shown.how == UnderstoodWord::How::known) {
        shown.met = met_in(hit.service.title, search.query().words()[w].text);
      }
      shown.impact = word.impact / 255.0;
      shown.value = word.value / 255.0;
      shown.rarity = word.rarity;   // a share once all are there
    }
    std::uint32_t asked = 0;
    for (const search::WordExplanation& word : reason.words) asked += word.rarity;
    hit.coverage = asked > 0 ? reason.covered / (255.0 * asked) : 0;
    for (HitExplanation::Word& word : hit.words) word.rarity = asked > 0 ? word.rarity / asked : 0;
    hit.text = share(reason.text);
    hit.phrase = share(reason.exact);
    hit.identified = share(reason.boost);
    hit.place_cut = share(reason.cut);
    hit.online_bonus = share(reason.bonus);
    hit.score = hit.outside ? share(search.answer().matches[i].score) : share(reason.score);
  }
  return out;
}

void Snapshot::search(const SearchRequest& request, SearchAnswer& answer) const {
  Search search(*state_, request.query, request.area, scratch_of_thread());
  search.with_elsewhere(request.elsewhere);
  const std::size_t limit = std::clamp<std::size_t>(request.limit, 1, most_hits);
  search.run(request.offset, limit);

  answer.hits.clear();
  answer.nearest.clear();
  answer.words.clear();
  answer.corrected.clear();
  answer.typed.clear();
  answer.place = search.place();
  answer.total = search.answer().total;
  double ceiling = 1;
  const auto hit_of = [&](const search::Match& match) {
    double score = static_cast<double>(match.score) / search::one;
    if (match.outside) score *= elsewhere_score * ceiling;
    if (!match.outside) ceiling = score;
    return Hit{match.document, search.offered_here(match.document), score};
  };
  for (const search::Match& match : search.answer().matches) answer.hits.push_back(hit_of(match));
  const auto& taken = search.answer().words;
  const auto better = [](const search::WordTaken& word) { return word.how == search::Taken::corrected; };
  if (answer.total > 0 && std::any_of(taken.begin(), taken.end(), better)) {
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (i > 0) answer.corrected += ' ';
      answer.corrected += better(taken[i]) ? taken[i].as : search.query().typed(i);
    }
  }
  if (answer.total == 0 && !taken.empty()) {
    search.run(0, most_nearest, true);
    for (const search::Match& match : search.answer().matches) answer.nearest.push_back(hit_of(match));
  }
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < taken.size(); ++i) bytes += search.query().typed(i).size();
  answer.typed.reserve(bytes);   // views into it stay
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const std::string_view typed = search.query().typed(i);
    const char* const begin = answer.typed.data() + answer.typed.size();
    answer.typed.insert(answer.typed.end(), typed.begin(), typed.end());
    answer.words.push_back({{begin, typed.size()}, how_of(taken[i].how), taken[i].as});
    if (taken[i].how != search::Taken::unknown && taken[i].how != search::Taken::piece) continue;
    const search::Dictionary& known = state_->text.text().words();
    const std::string_view folded = search.query().words()[i].text;
    UnderstoodWord& word = answer.words.back();
    if (taken[i].how == search::Taken::piece && !word.as.empty()) word.as = finder::known_piece(known, folded, word.as);
    if (taken[i].how == search::Taken::unknown && answer.total == 0) {
      finder::near_words(known, folded, most_near_words, word.near);
    }
  }
}

std::vector<ServiceBrief> Snapshot::suggest(std::string_view typed, const AreaKey& area, std::size_t limit) const {
  Search search(*state_, typed, area, scratch_of_thread());
  std::vector<ServiceBrief> out;
  if (search.query().folded().empty()) return out;
  search.prefer_titles();
  limit = std::min(limit, most_hits);
  search.with_elsewhere(false);
  std::set<std::string_view> titles;   // the same service of many towns is one suggestion
  for (std::size_t offset = 0; out.size() < limit && offset < most_hits; offset += limit * 2) {
    search.run(offset, limit * 2);
    for (const search::Match& match : search.answer().matches) {
      if (out.size() == limit) return out;
      if (!titles.insert(state_->text.folded_title(match.document)).second) continue;
      out.push_back(state_->brief(match.document));
    }
    if (search.answer().matches.size() < limit * 2) break;
  }
  if (!out.empty() || limit == 0) return out;
  search.with_elsewhere(true);
  search.run(0, 1);
  for (const search::Match& match : search.answer().matches) out.push_back(state_->brief(match.document));
  return out;
}

}  // namespace verbund::directory
