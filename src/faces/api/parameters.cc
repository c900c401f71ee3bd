// SPDX-License-Identifier: EUPL-1.2
#include "faces/api/parameters.h"

#include <algorithm>

#include "base/text.h"
#include "faces/api/documents.h"

namespace verbund::api {
namespace {

using directory::AreaKey;
using directory::Snapshot;

constexpr std::size_t kUsualLimit = 10;
constexpr std::size_t kMostLimit = 100;
constexpr std::size_t kMostOffset = 10'000;
constexpr std::size_t kMostChoices = 50;
constexpr std::size_t kMostPlaceBytes = 200;

OrProblem<std::size_t> read_number(const http::Request& request, const char* name, std::size_t otherwise,
                                   std::size_t least, std::size_t most) {
  const std::string_view text = request.query_value(name);
  if (text.empty()) return otherwise;
  const auto number = parse_number(text);
  if (!number || static_cast<std::size_t>(*number) < least || static_cast<std::size_t>(*number) > most) {
    return std::unexpected(http::problem(
        400, "Ungültige Anfrage",
        std::string(name) + " ist keine Zahl von " + std::to_string(least) + " bis " + std::to_string(most)));
  }
  return static_cast<std::size_t>(*number);
}

// A problem that offers the places that could be meant.
http::Response with_choices(int status, const char* title, const std::string& detail,
                            const std::vector<directory::PlaceMatch>& matches, const Snapshot& snapshot) {
  Json::Array choices;
  for (const auto& match : matches) choices.push_back(place_document(match.area.key, snapshot));
  http::Response response = http::problem(status, title, detail);
  response.body = std::make_shared<const std::string>(Json::object({{"type", "about:blank"},
                                                                     {"title", title},
                                                                     {"status", status},
                                                                     {"detail", detail},
                                                                     {"choices", std::move(choices)}})
                                                          .to_canonical());
  return response;
}

// Five digits are a postal code first and eight a municipality key: these, like names, are for the finder to read.
bool is_regional_key(std::string_view words) {
  return is_digits(words) && words.size() <= 12 && words.size() != 5 && words.size() != 8;
}

}  // namespace

OrProblem<Paging> read_paging(const http::Request& request) {
  auto limit = read_number(request, "limit", kUsualLimit, 1, kMostLimit);
  if (!limit) return std::unexpected(std::move(limit.error()));
  auto offset = read_number(request, "offset", 0, 0, kMostOffset);
  if (!offset) return std::unexpected(std::move(offset.error()));
  return Paging{*limit, *offset};
}

OrProblem<AreaKey> read_area(const http::Request& request, const Snapshot& snapshot) {
  const std::string_view words = trim(request.query_value("area"));
  if (words.empty()) return AreaKey();
  const std::string shown(cut_utf8(words, kMostPlaceBytes));
  if (words.size() <= kMostPlaceBytes) {
    if (is_regional_key(words)) {
      const auto key = AreaKey::parse(words);
      if (key && *key == AreaKey()) return AreaKey();
      if (key) {
        if (auto area = snapshot.area(*key)) return area->key;
      }
    } else if (auto area = snapshot.place(words)) {
      return area->key;
    }
  }
  std::vector<directory::PlaceMatch> matches = snapshot.find_places(shown, kMostChoices);
  std::vector<directory::PlaceMatch> exact = matches;
  std::erase_if(exact, [](const auto& match) { return !match.exact; });
  if (exact.size() > 1) {
    return std::unexpected(
        with_choices(409, "Mehrere Orte", "„" + shown + "“ kann mehrere Orte meinen.", exact, snapshot));
  }
  return std::unexpected(
      with_choices(404, "Ort nicht gefunden", "Keinen Ort „" + shown + "“ gefunden.", matches, snapshot));
}

OrProblem<directory::ServiceBrief> read_service(std::string_view words, const AreaKey& area, const Snapshot& snapshot) {
  std::optional<directory::ServiceBrief> service;
  const std::string shown(cut_utf8(words, kMostPlaceBytes));
  if (words.size() == 14 && is_digits(words)) {
    service = snapshot.service_by_key(words, area);
  } else {
    auto id = directory::parse_external_id(directory::ObjectKind::service, words);
    if (!id) {
      return std::unexpected(http::problem(400, "Ungültige Kennung", "„" + shown + "“ ist weder eine Kennung wie "
                                           "L100002.LB.121345242 noch ein Leistungsschlüssel aus 14 Ziffern."));
    }
    service = snapshot.service(*id);
  }
  if (!service)
    return std::unexpected(
        http::problem(404, "Leistung nicht gefunden", "Eine Leistung „" + shown + "“ gibt es hier nicht."));
  return *service;
}

}  // namespace verbund::api
