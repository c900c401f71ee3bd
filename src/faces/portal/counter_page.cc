// SPDX-License-Identifier: EUPL-1.2
// For the service line 115: type the question, press Enter, and what to say stands there. A postal code at the end of
// the question sets the place, so that one field is enough; a digit chooses another hit.
#include <algorithm>

#include "base/text.h"
#include "directory/objects/service_here.h"
#include "faces/portal/pages.h"
#include "faces/portal/service_view.h"
#include "faces/portal/unit_view.h"

namespace verbund::portal {
namespace {

constexpr std::size_t most_hits = 9;  // one digit each
constexpr std::size_t most_online = 2;

struct Question {
  std::string query, place;
};

// "Perso verloren 22846" asks for 22846, whatever stands in the field for the place.
Question question_of(const Visit& visit) {
  Question out{visit.query(), visit.place()};
  const std::size_t space = out.query.rfind(' ');
  const std::string_view last =
      space == out.query.npos ? std::string_view() : std::string_view(out.query).substr(space + 1);
  if (last.size() == 5 && is_digits(last)) {
    out.place = last;
    out.query = std::string(trim(out.query.substr(0, space)));
  }
  return out;
}

std::string hit_url(const Visit& visit, const Question& question, std::size_t number) {
  return visit.url("/115", {{"q", question.query}, {"ort", question.place}, {"nr", std::to_string(number)}});
}

std::size_t wanted_number(const Visit& visit, std::size_t hits) {
  const auto number = parse_number(visit.request.query_value("nr"));
  return number && *number >= 1 && static_cast<std::size_t>(*number) <= hits ? static_cast<std::size_t>(*number) : 1;
}

// What the editors wrote for the telephone, in the language of the page.
std::vector<page::Data> advice(const Visit& visit, const directory::Service& service) {
  std::vector<page::Data> out;
  for (const auto& module : service.modules.advice) {
    if (!valid_on(module.head.validity, visit.today)) continue;
    const Worded text = worded(module.content, visit.language);
    if (text.text.empty()) continue;
    out.push_back(page::Data().set("advice_html", prose(text.text, 4)).set("advice_lang", visit.mark(text.language)));
  }
  return out;
}

void add_answer(page::Data& data, const Visit& visit, const directory::ServiceBrief& brief,
                const directory::Area* place) {
  const auto here = visit.snapshot.at_place(brief.id, place == nullptr ? directory::AreaKey() : place->key);
  const auto service = directory::service_here(visit.objects, brief.id, here.specialisations);
  data.set("has_answer", service.has_value());
  if (!service) return;
  std::vector<page::Data> online, units;
  std::string level;
  for (const auto& each : here.online) {
    const std::string url = web_url(each.url);
    if (url.empty() || online.size() == most_online) continue;
    const auto whole = visit.objects.get<directory::OnlineService>(each.id);
    if (whole && level.empty() && each.purpose != "appointment") level = whole->assurance_level;
    online.push_back(
        page::Data()
            .set("online_url", url)
            .set("online_host", host_of(url))
            .set("online_label", visit.say(each.purpose == "appointment" ? "service.appointment" : "service.apply")));
  }
  for (const auto& role : here.roles) {
    for (const auto& unit : role.units) {
      const auto whole = units.empty() ? visit.objects.get<directory::OrganisationalUnit>(unit.id) : std::nullopt;
      if (!whole) continue;
      page::Data item;
      add_unit(item, visit, *whole, 5);
      units.push_back(std::move(item));
    }
  }
  ServiceView view(visit, *service);
  view.add_head(data);
  view.add_facts(data, level);
  view.add_documents(data);
  view.add_language_note(data);
  auto say = advice(visit, *service);
  data.set("has_advice", !say.empty())
      .set("advice", std::move(say))
      .set("page_url", visit.url(service_path(place, brief.slug)))
      .set("ask_place", place == nullptr)
      .set("nobody", place != nullptr && units.empty())
      .set("has_answer_online", !online.empty())
      .set("answer_online", std::move(online))
      .set("has_units", !units.empty())
      .set("units", std::move(units));
}

}  // namespace

Page counter_page(const Visit& visit) {
  const Question question = question_of(visit);
  const PlaceChoice choice = choose_place(visit, question.place);
  const directory::Area* place = choice.area ? &*choice.area : nullptr;
  Page page;
  page.name = "counter";
  page.noindex = true;
  page.title = visit.say("counter.title");
  page::Data& data = page.data;
  data.set("counter_query", question.query)
      .set("counter_place", place == nullptr ? question.place : visit.snapshot.label(place->key))
      .set("counter_lang", visit.language == languages[0] ? std::string() : visit.language)
      .set("counter_focus", question.query.empty())
      .set("has_answer", false);
  add_place_choices(data, visit, choice, question.place, [&](std::string_view slug) {
    return visit.url("/115", {{"q", question.query}, {"ort", std::string(slug)}});
  });

  directory::SearchAnswer answer;
  if (!question.query.empty()) {
    answer =
        visit.snapshot.search({question.query, place == nullptr ? directory::AreaKey() : place->key, most_hits, 0});
  }
  const bool nothing = !question.query.empty() && answer.hits.empty();
  std::vector<directory::ServiceBrief> found;
  for (const auto& hit : nothing ? answer.nearest : answer.hits) {
    if (found.size() == most_hits) break;
    found.push_back(visit.snapshot.service_of(hit).brief());
  }
  const std::size_t number = wanted_number(visit, found.size());
  std::vector<page::Data> hits;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Worded title = brief_title(visit, found[i]);
    hits.push_back(page::Data()
                       .set("hit_number", std::to_string(i + 1))
                       .set("hit_url", hit_url(visit, question, i + 1))
                       .set("hit_title", title.text)
                       .set("hit_lang", visit.mark(title.language))
                       .set("hit_current", i + 1 == number && !nothing));
  }
  data.set("counter_nothing", nothing ? visit.say("counter.nothing", {{"query", question.query}}) : std::string())
      .set("has_hits", !hits.empty())
      .set("hits", std::move(hits));
  const bool chosen = parse_number(visit.request.query_value("nr")).has_value();
  if (!found.empty() && (!nothing || chosen)) add_answer(data, visit, found[number - 1], place);
  return page;
}

}  // namespace verbund::portal
