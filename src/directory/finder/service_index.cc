// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/service_index.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/check.h"
#include "directory/finder/service_text.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> vocabulary();
}  // namespace verbund::embedded

namespace verbund::directory::finder {
namespace {

constexpr std::string_view services_format = "services 2";   // raise when words are read otherwise or the tables change

}  // namespace

// Of changed services; versions share the texts.
struct ServiceIndex::Titles {
  struct Title {
    std::uint32_t service;
    std::shared_ptr<const std::string> text;   // "": none
  };
  std::vector<Title> by_service;
  std::vector<std::pair<const std::string*, std::uint32_t>> ordered;   // text, service; those with a text

  const std::string* find(std::uint32_t service) const {
    const auto at = std::partition_point(by_service.begin(), by_service.end(),
                                         [&](const Title& title) { return title.service < service; });
    return at != by_service.end() && at->service == service ? at->text.get() : nullptr;
  }
};

ServiceIndex::ServiceIndex() : text_(std::make_shared<const search::TextIndex>()) {
  title_begin_ = std::vector<std::uint32_t>{0};
}

std::uint32_t ServiceIndex::services() const { return overlay_ ? overlay_->documents() : text_->documents(); }

std::string_view ServiceIndex::title(std::uint32_t service) const {
  return {titles_.data() + title_begin_[service], title_begin_[service + 1] - title_begin_[service]};
}

std::string_view ServiceIndex::folded_title(std::uint32_t service) const {
  if (changed_titles_) {
    if (const std::string* changed = changed_titles_->find(service)) return *changed;
  }
  return service < text_->documents() ? title(service) : std::string_view();
}

void ServiceIndex::with_title_beginning(std::string_view folded, std::size_t most,
                                        std::vector<std::uint32_t>& out) const {
  out.clear();
  if (folded.empty()) return;
  auto at = std::lower_bound(by_title_.begin(), by_title_.end(), folded,
                             [&](std::uint32_t service, std::string_view text) { return title(service) < text; });
  for (; at != by_title_.end() && out.size() < most && title(*at).starts_with(folded); ++at) {
    if (!changed_titles_ || changed_titles_->find(*at) == nullptr) out.push_back(*at);
  }
  if (changed_titles_) {
    const auto& ordered = changed_titles_->ordered;
    auto changed = std::partition_point(ordered.begin(), ordered.end(),
                                        [&](const auto& title) { return *title.first < folded; });
    for (; changed != ordered.end() && out.size() < most; ++changed) {
      if (!changed->first->starts_with(folded)) break;
      out.push_back(changed->second);
    }
  }
  std::sort(out.begin(), out.end());
}

ServiceIndex ServiceIndex::with(std::span<const Change> changes) const {
  ServiceIndex out(*this);
  std::vector<search::TextOverlay::Change> texts;
  std::map<std::uint32_t, std::shared_ptr<const std::string>> fresh;
  for (const Change& change : changes) {
    texts.push_back({change.service, change.draft});
    fresh[change.service] =
        std::make_shared<const std::string>(change.draft != nullptr ? change.folded_title : std::string());
  }
  const Titles none;
  const Titles& before = changed_titles_ ? *changed_titles_ : none;
  auto titles = std::make_shared<Titles>();
  std::vector<Titles::Title> newer;
  std::vector<std::pair<const std::string*, std::uint32_t>> newer_ordered;
  for (const auto& [service, text] : fresh) {
    newer.push_back({service, text});
    if (!text->empty()) newer_ordered.emplace_back(text.get(), service);
  }
  const auto by_text = [](const auto& a, const auto& b) {
    return *a.first != *b.first ? *a.first < *b.first : a.second < b.second;
  };
  std::sort(newer_ordered.begin(), newer_ordered.end(), by_text);
  // Of one service the newer title comes first, and alone is kept.
  std::merge(newer.begin(), newer.end(), before.by_service.begin(), before.by_service.end(),
             std::back_inserter(titles->by_service),
             [](const Titles::Title& a, const Titles::Title& b) { return a.service < b.service; });
  titles->by_service.erase(
      std::unique(titles->by_service.begin(), titles->by_service.end(),
                  [](const Titles::Title& a, const Titles::Title& b) { return a.service == b.service; }),
      titles->by_service.end());
  std::vector<std::pair<const std::string*, std::uint32_t>> kept;
  for (const auto& title : before.ordered) {
    if (!fresh.contains(title.second)) kept.push_back(title);
  }
  std::merge(kept.begin(), kept.end(), newer_ordered.begin(), newer_ordered.end(), std::back_inserter(titles->ordered),
             by_text);
  out.overlay_ = (overlay_ ? overlay_ : search::TextOverlay::over(text_))->with(texts);
  out.changed_titles_ = std::move(titles);
  return out;
}

std::size_t ServiceIndex::bytes() const {
  return text_->bytes() + title_begin_.bytes() + titles_.bytes() + by_title_.bytes() +
         (overlay_ ? overlay_->bytes() : 0);
}

void ServiceIndex::save(flat::Writer& out) const {
  VERBUND_CHECK(changed() == 0);
  text_->save(out);
  out.add("title.begin", title_begin_);
  out.add("title.text", titles_);
  out.add("title.order", by_title_);
}

Result<ServiceIndex> ServiceIndex::load(const flat::File& file) {
  auto text = search::TextIndex::load(file, service_rules());
  if (!text) return pass(text);
  ServiceIndex out;
  out.text_ = std::make_shared<const search::TextIndex>(std::move(*text));
  if (auto read = file.read("title.begin", out.title_begin_, "title.text", out.titles_, "title.order", out.by_title_);
      !read) {
    return pass(read);
  }
  const std::size_t services = out.text_->documents();
  bool fine = out.title_begin_.size() == services + 1 && out.title_begin_.front() == 0 &&
              out.title_begin_.back() == out.titles_.size();
  for (std::size_t i = 0; fine && i < services; ++i) fine = out.title_begin_[i] <= out.title_begin_[i + 1];
  for (const std::uint32_t service : out.by_title_) fine = fine && service < services;
  if (!fine) return fail(ErrorCode::invalid, "damaged search index: titles");
  return out;
}

std::string ServiceIndex::version() {
  std::string said;
  for (const char* file : {"everyday.tsv", "acts.tsv"}) said += embed::find(embedded::vocabulary(), file);
  return std::string(services_format) + " " + std::to_string(flat::checksum(said));
}

ServiceIndexBuilder::ServiceIndexBuilder() : builder_(service_rules()) {}

void ServiceIndexBuilder::set_title(std::uint32_t service, std::string_view folded_title) {
  if (titles_.size() <= service) titles_.resize(std::size_t{service} + 1);
  titles_[service] = folded_title;
}

ServiceIndex ServiceIndexBuilder::finish(std::uint32_t services) {
  ServiceIndex out;
  out.text_ = std::make_shared<const search::TextIndex>(builder_.finish(services));
  titles_.resize(services);
  std::vector<std::uint32_t> begin{0}, order;
  std::vector<char> text;
  for (std::uint32_t i = 0; i < services; ++i) {
    text.insert(text.end(), titles_[i].begin(), titles_[i].end());
    begin.push_back(static_cast<std::uint32_t>(text.size()));
    if (!titles_[i].empty()) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return titles_[a] != titles_[b] ? titles_[a] < titles_[b] : a < b;
  });
  out.title_begin_ = std::move(begin);
  out.titles_ = std::move(text);
  out.by_title_ = std::move(order);
  titles_ = {};
  return out;
}

}  // namespace verbund::directory::finder
