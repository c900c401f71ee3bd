// SPDX-License-Identifier: EUPL-1.2
#include "faces/api/hits_writer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "directory/identity/object.h"
#include "faces/api/api.h"
#include "kits/http/http.h"
#include "kits/json/json_text.h"

namespace verbund::api {
namespace {

using directory::AreaKey;
using directory::ObjectKind;
using directory::Snapshot;

class HitsWriter {
 public:
  HitsWriter(const AreaKey& area, const Snapshot& snapshot) : snapshot_(snapshot), area_(area) {
    std::string first = "dienst";
    if (area != AreaKey()) {
      place_ = snapshot.area(area);
      if (place_ && !place_->slug.empty()) first = place_->slug;
    }
    url_prefix_ = "/" + http::percent_encode(first) + "/";
    out_.reserve(8192);
  }

  std::string write(const directory::SearchRequest& request, const directory::SearchAnswer& answer) {
    out_ += "{\"area\":";
    area();
    text(",\"corrected\":", answer.corrected);
    list(",\"hits\":", answer.hits, [&](const directory::Hit& each) { hit(each, answer.place); });
    number(",\"limit\":", request.limit);
    const bool tells = tells_words(answer);
    if (tells && answer.total == 0) {
      list(",\"nearest\":", answer.nearest, [&](const directory::Hit& each) { hit(each, answer.place); });
    }
    number(",\"offset\":", request.offset);
    text(",\"query\":", request.query);
    number(",\"total\":", answer.total);
    if (tells) list(",\"words\":", answer.words, [this](const directory::UnderstoodWord& each) { word(each); });
    out_ += '}';
    return std::move(out_);
  }

 private:
  void area() {
    if (area_ == AreaKey()) {
      out_ += "null";
      return;
    }
    text("{\"key\":", area_.padded());
    text(",\"label\":", label(area_));
    text(",\"slug\":", place_ ? std::string_view(place_->slug) : std::string_view());
    out_ += '}';
  }

  void hit(const directory::Hit& hit, const directory::PlaceAreas& place) {
    const directory::ServiceView service = snapshot_.service_of(hit);
    text("{\"agency\":", service.id.agency);
    out_ += ",\"authority\":";
    authority(snapshot_.authority_of(hit, place));
    id(",\"id\":", ObjectKind::service, service.id);
    text(",\"local_id\":", service.id.local);
    out_ += hit.offered_here ? ",\"offered_here\":true" : ",\"offered_here\":false";
    snapshot_.online_of(hit, place, online_);
    list(",\"online\":", online_, [this](const directory::OnlineView& each) { online(each); });
    out_ += ",\"score\":";
    append_json(out_, hit.score);
    text(",\"service_key\":", service.service_key);
    text(",\"summary\":", service.summary);
    text(",\"title\":", service.title);
    out_ += ",\"url\":\"";
    out_ += url_prefix_;
    path_segment(service.slug);
    out_ += "\"}";
  }

  void word(const directory::UnderstoodWord& word) {
    text("{\"as\":", word.as);
    text(",\"how\":", name_of(word.how));
    list(",\"near\":", word.near, [this](std::string_view each) { text("", each); });
    text(",\"typed\":", word.typed);
    out_ += '}';
  }

  void authority(const std::optional<directory::AuthorityView>& authority) {
    if (!authority) {
      out_ += "null";
      return;
    }
    text("{\"area\":", authority->area.padded());
    text(",\"area_label\":", authority->area == AreaKey() ? std::string_view("Deutschland") : label(authority->area));
    id(",\"id\":", ObjectKind::unit, authority->id);
    text(",\"name\":", authority->name);
    text(",\"role\":", authority->role);
    out_ += '}';
  }

  void online(const directory::OnlineView& online) {
    text("{\"area\":", online.area.padded());
    id(",\"id\":", ObjectKind::online_service, online.id);
    text(",\"purpose\":", online.purpose);
    text(",\"title\":", online.title);
    text(",\"url\":", online.url);
    out_ += '}';
  }

  // Hits of one answer share few areas.
  std::string_view label(const AreaKey& key) {
    for (const auto& [known, label] : labels_) {
      if (known == key) return *label;
    }
    labels_.emplace_back(key, std::make_unique<const std::string>(snapshot_.label(key)));
    return *labels_.back().second;
  }

  void text(std::string_view before, std::string_view value) {
    out_ += before;
    append_json(out_, value);
  }
  void id(std::string_view before, ObjectKind kind, directory::IdView id) {
    id_.assign(id.agency).append(".").append(letters(kind)).append(".").append(id.local);
    text(before, id_);
  }
  // Nearly every slug is of letters that stay as they are.
  void path_segment(std::string_view slug) {
    const bool plain = std::all_of(slug.begin(), slug.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    if (plain) out_ += slug;
    else out_ += http::percent_encode(slug);
  }
  void number(std::string_view before, std::size_t value) {
    out_ += before;
    append_json(out_, static_cast<std::int64_t>(value));
  }
  template <typename Item, typename Write>
  void list(std::string_view before, const std::vector<Item>& items, Write write) {
    out_ += before;
    out_ += '[';
    bool first = true;
    for (const Item& item : items) {
      if (!std::exchange(first, false)) out_ += ',';
      write(item);
    }
    out_ += ']';
  }

  const Snapshot& snapshot_;
  const AreaKey area_;
  std::optional<directory::Area> place_;
  std::string url_prefix_, id_;
  std::vector<directory::OnlineView> online_;
  std::vector<std::pair<AreaKey, std::unique_ptr<const std::string>>> labels_;
  std::string out_;
};

}  // namespace

std::string write_hits(const directory::SearchRequest& request, const directory::SearchAnswer& answer,
                       const Snapshot& snapshot) {
  return HitsWriter(request.area, snapshot).write(request, answer);
}

}  // namespace verbund::api
