// SPDX-License-Identifier: EUPL-1.2
// Words and a place to services.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "directory/finder/query.h"
#include "directory/finder/snapshot_state.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

using finder::ResponsibilityIndex;
using Offer = ResponsibilityIndex::Offer;

constexpr std::size_t most_hits = 100;
constexpr float unknown_place = 0.7F;       // nobody said where it is offered
constexpr float partial_place = 0.9F;       // offered somewhere inside the place asked for
constexpr float online_bonus = 0.01F;
constexpr float far_fraction = 0.15F;       // hits below this part of the best one do not answer the question
constexpr float elsewhere_score = 0.001F;   // keeps services of other places below every local one
constexpr float title_begins_bonus = 0.5F;
constexpr float identified_score = 3;       // the query is the key or the id of the service

struct Candidate {
  std::uint32_t service;
  float score;
  Offer offer = Offer::here;
};

bool comes_later(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score < b.score : a.service > b.service;
}

class Search {
 public:
  Search(const Snapshot::State& state, std::string_view typed, const AreaKey& area)
      : state_(state), area_(state.places.current(area)), place_(state.responsibilities.place(area_)),
        query_(finder::understand(typed, state.places.words_of(area_))) {
    drop_postal_code();
    text_ = state.text.search(query_.words);
    for (const finder::TextMatch& match : text_.matches) add(match.document, match.score + match.exact);
    add_identified(typed);
  }

  const finder::Query& query() const { return query_; }
  const finder::TextAnswer& text() const { return text_; }
  const ResponsibilityIndex::Place& place() const { return place_; }
  std::vector<Candidate>& candidates() { return candidates_; }

  // Best first: local ones, then those of other places, scores falling. Gives how many are local. Where a service is
  // offered is looked up from the best text downwards only as far as an answer can still matter.
  std::size_t order() {
    std::vector<Candidate> local, elsewhere;
    std::make_heap(candidates_.begin(), candidates_.end(), comes_later);
    float best_local = 0, best_elsewhere = 0;
    for (auto end = candidates_.end(); end != candidates_.begin(); --end) {
      const float text = candidates_.front().score;
      if (best_local > 0 && text < (best_local - online_bonus) * far_fraction) break;
      std::pop_heap(candidates_.begin(), end, comes_later);
      Candidate candidate = *(end - 1);
      // Without a place every service is as near as any other.
      if (area_ != AreaKey()) candidate.offer = state_.responsibilities.offer(candidate.service, place_);
      if (candidate.offer == Offer::elsewhere) {
        best_elsewhere = std::max(best_elsewhere, text);
        if (text >= best_elsewhere * far_fraction) elsewhere.push_back(candidate);
        continue;
      }
      if (candidate.offer == Offer::unknown) candidate.score *= unknown_place;
      if (candidate.offer == Offer::within) candidate.score *= partial_place;
      if (state_.responsibilities.has_online(candidate.service, place_)) candidate.score += online_bonus;
      best_local = std::max(best_local, candidate.score);
      local.push_back(candidate);
    }
    std::erase_if(local, [&](const Candidate& c) { return c.score < best_local * far_fraction; });
    const auto best_first = [](const Candidate& a, const Candidate& b) { return comes_later(b, a); };
    std::sort(local.begin(), local.end(), best_first);
    std::sort(elsewhere.begin(), elsewhere.end(), best_first);
    const float ceiling = local.empty() ? 1 : local.back().score;
    for (Candidate& candidate : elsewhere) candidate.score *= elsewhere_score * ceiling;
    candidates_ = std::move(local);
    const std::size_t count = candidates_.size();
    candidates_.insert(candidates_.end(), elsewhere.begin(), elsewhere.end());
    return count;
  }

 private:
  void add(std::uint32_t service, float score) { candidates_.push_back({service, score}); }

  // "Reisepass 22846": the place is asked for apart.
  void drop_postal_code() {
    if (query_.words.size() < 2) return;
    for (std::size_t i = 0; i < query_.words.size(); ++i) {
      if (!state_.places.is_postal_code(query_.words[i].text)) continue;
      query_.words.erase(query_.words.begin() + static_cast<std::ptrdiff_t>(i));
      query_.typed.erase(query_.typed.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }

  void add_identified(std::string_view typed) {
    const auto identified = [&](std::uint32_t service) {
      std::erase_if(candidates_, [&](const Candidate& c) { return c.service == service; });
      add(service, identified_score);
    };
    if (const auto key = service_key_number(query_.digits)) {
      for (auto at = std::lower_bound(state_.keys.begin(), state_.keys.end(), std::pair{*key, std::uint32_t{0}});
           at != state_.keys.end() && at->first == *key; ++at) {
        identified(at->second);
      }
    }
    if (const auto id = parse_external_id(ObjectKind::service, trim(cut_utf8(typed, finder::query_bytes_read)))) {
      const std::uint32_t service = state_.service_ids.find(*id, state_.pool);
      if (service != IdTable::none) identified(service);
    }
  }

  const Snapshot::State& state_;
  AreaKey area_;
  ResponsibilityIndex::Place place_;
  finder::Query query_;
  finder::TextAnswer text_;
  std::vector<Candidate> candidates_;
};

}  // namespace

SearchAnswer Snapshot::search(const SearchRequest& request) const {
  Search search(*state_, request.query, request.area);
  const std::size_t limit = std::clamp<std::size_t>(request.limit, 1, most_hits);
  const std::size_t local = search.order();
  std::vector<Candidate>& found = search.candidates();
  // Enough of our own: nothing of other places.
  if (local >= limit) found.erase(found.begin() + static_cast<std::ptrdiff_t>(local), found.end());

  SearchAnswer answer;
  answer.total = found.size();
  for (std::size_t i = request.offset; i < found.size() && answer.hits.size() < limit; ++i) {
    Hit hit;
    hit.service = state_->brief(found[i].service);
    hit.score = static_cast<double>(found[i].score);
    hit.offered_here = state_->responsibilities.offer(found[i].service, search.place()) == Offer::here;
    const auto at = state_->responsibilities.at(found[i].service, search.place());
    if (!at.roles.empty()) hit.authority = state_->authorities(at.roles.front()).front();
    hit.online = state_->online_of(at);
    answer.hits.push_back(std::move(hit));
  }
  if (!search.text().corrections.empty() && !found.empty()) {
    std::vector<std::string> words = search.query().typed;
    for (const auto& [word, better] : search.text().corrections) words[word] = better;
    for (const std::string& word : words) answer.corrected += (answer.corrected.empty() ? "" : " ") + word;
  }
  return answer;
}

std::vector<ServiceBrief> Snapshot::suggest(std::string_view typed, const AreaKey& area, std::size_t limit) const {
  Search search(*state_, typed, area);
  std::string folded;
  for (const std::string& word : text::words(finder::readable(cut_utf8(typed, finder::query_bytes_read)))) {
    folded += (folded.empty() ? "" : " ") + word;
  }
  std::vector<ServiceBrief> out;
  if (folded.empty()) return out;
  for (Candidate& candidate : search.candidates()) {
    const std::string_view title = state_->pool.at(state_->services[candidate.service].folded_title);
    if (title.starts_with(folded)) candidate.score += title_begins_bonus;
  }
  const std::size_t local = search.order();
  std::set<std::string_view> titles;   // the same service of many towns is one suggestion
  for (std::size_t i = 0; i < search.candidates().size() && out.size() < std::min(limit, most_hits); ++i) {
    if (i == local && !out.empty()) break;
    const std::uint32_t service = search.candidates()[i].service;
    if (!titles.insert(state_->pool.at(state_->services[service].folded_title)).second) continue;
    out.push_back(state_->brief(service));
  }
  return out;
}

}  // namespace verbund::directory
