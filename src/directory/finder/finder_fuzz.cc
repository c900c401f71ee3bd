// SPDX-License-Identifier: EUPL-1.2
// Arbitrary bytes as query, typed text and place: no crash, no exception, limits kept.
#include <cstdlib>
#include <string_view>

#include "base/check.h"
#include "directory/finder/places.h"
#include "directory/finder/query.h"
#include "directory/finder/service_index.h"
#include "directory/finder/service_text.h"

namespace {

using namespace verbund;
using namespace verbund::directory;
using namespace verbund::directory::finder;

Area area(std::string_view digits, std::string name, AreaLevel level) {
  Area out;
  out.key = *AreaKey::parse(digits);
  out.name = out.short_name = std::move(name);
  out.level = out.top_level = level;
  out.slug = digits;
  return out;
}

Places places() {
  return Places({area("01", "Schleswig-Holstein", AreaLevel::state), area("01060", "Segeberg", AreaLevel::district),
                 area("010600063063", "Norderstedt", AreaLevel::municipality),
                 area("010550032032", "Neustadt in Holstein", AreaLevel::municipality),
                 area("071435004053", "Neustadt", AreaLevel::municipality),
                 area("065340016016", "Neustadt", AreaLevel::municipality)},
                {{"22846", *AreaKey::parse("010600063063"), "Norderstedt"},
                 {"22844", *AreaKey::parse("071435004053"), "x"}});
}

ServiceIndex index() {
  ServiceIndexBuilder builder;
  search::Draft draft;
  ServiceText text(draft);
  const char* titles[] = {"Personalausweis beantragen", "Führungszeugnis", "Bewohnerparkausweis", "Gewerbe anmelden",
                          "Hundesteuer: Hund anmelden", "Anmeldung der Eheschließung", "Fahrzeug außer Betrieb setzen"};
  for (std::uint32_t i = 0; i < std::size(titles); ++i) {
    Service service;
    TextModule module;
    module.code = text_code::citizen_title;
    module.content = {{"de", titles[i]}};
    service.modules.texts.push_back(module);
    draft.clear();
    text.add_service(service);
    builder.add(i, draft);
    builder.set_title(i, titles[i]);
  }
  return builder.finish(static_cast<std::uint32_t>(std::size(titles)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Places all_places = places();
  static const ServiceIndex all_texts = index();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static Query query;
  static search::Scratch scratch;
  static search::Answer answer;
  std::vector<std::string_view> names;
  all_places.words_of(*AreaKey::parse("010600063063"), names);
  const std::vector<std::string_view> views(names.begin(), names.end());
  query.read(bytes, views);
  query.join_verbs(all_texts.text().words());
  VERBUND_CHECK(query.words().size() <= query_words_read);
  search::Query request;
  request.words = query.words();
  request.relax = true;
  search::search(all_texts.text(), nullptr, request, scratch, answer);
  VERBUND_CHECK(answer.words.size() == query.words().size() && answer.matches.size() <= answer.total);
  for (const search::Match& match : answer.matches) {
    VERBUND_CHECK(match.document < all_texts.services() && match.score > 0 && match.score <= 2 * search::one);
  }
  VERBUND_CHECK(all_places.find(bytes, 3).size() <= 3);
  const Area* only = all_places.only(bytes);
  VERBUND_CHECK(only == nullptr || !all_places.label(only->key).empty());
  all_places.by_slug(bytes);
  return 0;
}
