// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "base/text.h"
#include "faces/portal/pages.h"
#include "faces/portal/understood.h"
#include "faces/portal/view.h"
#include "kits/html/html.h"
#include "kits/json/json.h"

namespace verbund::portal {
namespace {

constexpr std::size_t hits_per_page = 10;
constexpr std::size_t most_pages = 50;
constexpr std::size_t most_suggestions = 8;
constexpr std::size_t most_filtered = 100;       // hits that a filter looks at

std::string summary_in(const Visit& visit, const directory::ServiceBrief& brief, std::string_view language) {
  if (language == "de" || language.empty()) return brief.summary;
  if (visit.connection == nullptr) return {};   // the store is away: without it
  auto service = visit.objects.get<directory::Service>(brief.id);
  if (!service) return {};
  for (std::string_view code : {directory::text_code::short_text, directory::text_code::teaser}) {
    if (const auto* module = directory::find_text(service->modules, code)) {
      const auto text = directory::pick_exact(module->content, language);
      if (!text.empty()) return shortened(html::to_plain_text(text), 200);
    }
  }
  return {};
}

bool applies_online(const std::vector<directory::OnlineView>& online) {
  return std::any_of(online.begin(), online.end(), [](const auto& way) { return way.purpose != "appointment"; });
}

// `level` of its heading.
page::Data hit_data(const Visit& visit, const directory::Hit& hit, const directory::PlaceAreas& areas,
                    const directory::Area* place, int level) {
  const directory::ServiceBrief service = visit.snapshot.service_of(hit).brief();
  const auto authority = place != nullptr ? visit.snapshot.authority_of(hit, areas) : std::nullopt;
  std::vector<directory::OnlineView> online;
  visit.snapshot.online_of(hit, areas, online);
  const Worded title = brief_title(visit, service);
  const bool apply = applies_online(online);
  page::Data item;
  item.set("hit_level", std::to_string(level))
      .set("hit_url", visit.url(service_path(place, service.slug)))
      .set("hit_title", title.text)
      .set("hit_lang", visit.mark(title.language))
      .set("hit_summary", summary_in(visit, service, title.language))
      .set("hit_online", apply)
      .set("hit_appointment", !apply && !online.empty())
      .set("hit_authority", authority ? std::string(authority->name) : std::string());
  std::string elsewhere;
  if (place != nullptr && !hit.offered_here) elsewhere = visit.say("results.elsewhere", {{"place", place->short_name}});
  item.set("hit_elsewhere", std::move(elsewhere));
  return item;
}

// What of the hits somebody wants to see; the words stand in the address.
struct Filter {
  std::string_view word, key;     // "" and the text of its link
  bool (*shows)(const Visit& visit, const directory::Hit& hit, const directory::PlaceAreas& areas);
};
constexpr Filter filters[] = {
    {"", "results.filter_all", [](const Visit&, const directory::Hit&, const directory::PlaceAreas&) { return true; }},
    {"online", "results.filter_online",
     [](const Visit& visit, const directory::Hit& hit, const directory::PlaceAreas& areas) {
       std::vector<directory::OnlineView> online;
       visit.snapshot.online_of(hit, areas, online);
       return applies_online(online);
     }},
    {"vor-ort", "results.filter_office",
     [](const Visit& visit, const directory::Hit& hit, const directory::PlaceAreas& areas) {
       return visit.snapshot.authority_of(hit, areas).has_value();
     }}};

const Filter& wanted_filter(const Visit& visit) {
  for (const Filter& filter : filters) {
    if (filter.word == visit.request.query_value("nur")) return filter;
  }
  return filters[0];
}

// The page of those hits among the first `most_filtered` that the filter shows. `left_out`: there were others only.
directory::SearchAnswer filtered(const Visit& visit, directory::SearchRequest request, const Filter& filter,
                                 bool& left_out) {
  const std::size_t begin = request.offset, room = request.limit;
  request.offset = 0;
  request.limit = most_filtered;
  directory::SearchAnswer answer = visit.snapshot.search(request);
  if (answer.total == 0) return answer;
  std::erase_if(answer.hits, [&](const directory::Hit& hit) { return !filter.shows(visit, hit, answer.place); });
  answer.total = answer.hits.size();
  left_out = answer.hits.empty();
  const auto at = [&](std::size_t rank) {
    return answer.hits.begin() + static_cast<std::ptrdiff_t>(std::min(rank, answer.hits.size()));
  };
  answer.hits = std::vector<directory::Hit>(at(begin), at(begin + room));
  return answer;
}

void add_filters(page::Data& data, const Visit& visit, const Filter& wanted, bool shown) {
  std::vector<page::Data> links;
  for (const Filter& filter : filters) {
    links.push_back(page::Data()
                        .set("filter_url", visit.url("/suche", {{"q", visit.query()}, {"ort", visit.place()},
                                                                {"nur", std::string(filter.word)}}))
                        .set("filter_label", visit.say(filter.key))
                        .set("filter_current", filter.word == wanted.word));
  }
  data.set("has_filters", shown).set("filters", std::move(links));
}

std::string heading(const Visit& visit, const std::string& query, const directory::Area* place, std::size_t total) {
  Values values = {{"query", query}};
  if (place != nullptr) values["place"] = place->short_name;
  if (total == 0) return visit.say(place == nullptr ? "results.none" : "results.none_place", values);
  return visit.say.count(place == nullptr ? "results.found" : "results.found_place", total, values);
}

std::size_t wanted_page(const Visit& visit) {
  const auto number = parse_number(visit.request.query_value("seite"));
  return number ? static_cast<std::size_t>(std::clamp<std::int64_t>(*number, 1, most_pages)) : 1;
}

void add_paging(page::Data& data, const Visit& visit, std::size_t page_number, std::size_t total) {
  const std::size_t pages = std::min(most_pages, (total + hits_per_page - 1) / hits_per_page);
  const auto to = [&](std::size_t number) {
    Query query = {{"q", visit.query()}, {"ort", visit.place()}, {"nur", std::string(wanted_filter(visit).word)}};
    if (number > 1) query.emplace_back("seite", std::to_string(number));
    return visit.url("/suche", query);
  };
  data.set("has_pages", pages > 1)
      .set("previous_url", page_number > 1 ? to(page_number - 1) : std::string())
      .set("next_url", page_number < pages ? to(page_number + 1) : std::string())
      .set("page_label",
           visit.say("results.page", {{"page", std::to_string(page_number)}, {"pages", std::to_string(pages)}}));
}

}  // namespace

Page results_page(const Visit& visit) {
  const std::string query = visit.query();
  const std::string typed_place = visit.place();
  const PlaceChoice choice = choose_place(visit, typed_place);
  const directory::Area* place = choice.area ? &*choice.area : nullptr;
  if (query.empty() && place != nullptr) return Page::redirect(303, visit.url(place_path(*place)));

  Page page;
  page.name = "results";
  page.noindex = true;
  page.title =
      query.empty() ? visit.say("results.page_title_empty") : visit.say("results.page_title", {{"query", query}});
  page::Data& data = page.data;
  add_search(data, visit, query, place == nullptr ? typed_place : visit.snapshot.label(place->key));
  add_place_choices(data, visit, choice, typed_place, [&](std::string_view slug) {
    return visit.url("/suche", {{"q", query}, {"ort", std::string(slug)}});
  });

  const std::size_t page_number = wanted_page(visit);
  const Filter& filter = wanted_filter(visit);
  bool left_out = false;   // by the filter: not for want of words
  directory::SearchAnswer answer;
  // A place that must be asked first: hits without it would only be in the way.
  if (!query.empty() && choice.choices.empty()) {
    const directory::SearchRequest request{query, place == nullptr ? directory::AreaKey() : place->key, hits_per_page,
                                           (page_number - 1) * hits_per_page};
    answer = filter.word.empty() ? visit.snapshot.search(request) : filtered(visit, request, filter, left_out);
  }
  std::vector<page::Data> hits, nearest;
  for (const auto& hit : answer.hits) hits.push_back(hit_data(visit, hit, answer.place, place, 2));
  for (const auto& hit : answer.nearest) nearest.push_back(hit_data(visit, hit, answer.place, place, 3));
  const bool asked = !query.empty() && choice.choices.empty();
  const bool nothing = asked && answer.total == 0 && !left_out;
  if (asked && page_number == 1) page.searched = nothing ? Searched::nothing : Searched::found;
  data.set("has_nearest", !nearest.empty()).set("nearest", std::move(nearest));
  add_filters(data, visit, filter, asked && !nothing && (answer.total > 1 || !filter.word.empty()));
  data.set("filter_none", left_out ? visit.say("results.filter_none") : std::string());
  if (left_out) answer.words.clear();
  const bool help = add_understood(data, visit, query, typed_place, answer) || nothing;
  add_ask_authority(data, visit, help ? place : nullptr);
  const bool empty = answer.hits.empty() && answer.nearest.empty();
  data.set("help_title", visit.say(empty ? "results.help" : "results.help_other"));
  std::string corrected;
  if (!answer.corrected.empty() && answer.total > 0) {
    corrected = visit.say("results.corrected", {{"corrected", answer.corrected}});
  }
  data.set("results_title", asked ? heading(visit, query, place, answer.total)
                                  : (query.empty() ? visit.say("results.no_query") : page.title))
      .set("corrected", std::move(corrected))
      .set("has_hits", !hits.empty())
      .set("hits", std::move(hits))
      .set("first_number", std::to_string((page_number - 1) * hits_per_page + 1))
      .set("show_help", help)
      .set("browse_url", visit.url((place == nullptr ? std::string() : place_path(*place)) + "/lebenslagen"));
  add_paging(data, visit, page_number, answer.total);
  if (nothing || query.empty()) {
    add_events(data, visit, place);
  } else {
    data.set("has_events", false);
  }
  return page;
}

http::Response suggestions(const Visit& visit) {
  const std::string query = visit.query();
  const std::string typed_place = visit.place();
  Json items = Json::array({});
  if (!query.empty()) {
    const PlaceChoice choice = choose_place(visit, typed_place);
    const directory::Area* place = choice.area ? &*choice.area : nullptr;
    const auto key = place == nullptr ? directory::AreaKey() : place->key;
    for (const auto& service : visit.snapshot.suggest(query, key, most_suggestions)) {
      const Worded title = brief_title(visit, service);
      Json item = Json::object({{"label", title.text},
                                {"value", title.text},
                                {"url", visit.url(service_path(place, service.slug))}});
      if (const std::string mark = visit.mark(title.language); !mark.empty()) item.set("language", mark);
      items.push(std::move(item));
    }
  } else if (!typed_place.empty()) {
    for (const auto& match : visit.snapshot.find_places(typed_place, most_suggestions)) {
      items.push(Json::object({{"label", match.label}, {"value", match.label}}));
    }
  }
  return http::json(200, Json::object({{"items", std::move(items)}}).to_canonical());
}

}  // namespace verbund::portal
