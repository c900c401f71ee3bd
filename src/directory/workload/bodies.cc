// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/bodies.h"

#include <algorithm>

#include "base/text.h"
#include "directory/workload/sentences.h"
#include "kits/text/text.h"

namespace verbund::directory::workload {
namespace {

constexpr std::string_view key_list = "urn:de:fim:leika:leistung";

LocalisedTexts german(std::string text) { return {{"de", std::move(text)}}; }

std::string padded(std::uint64_t number, std::size_t digits) {
  std::string out = std::to_string(number);
  if (out.size() > digits) out.erase(0, out.size() - digits);
  return std::string(digits - out.size(), '0') + out;
}

std::string day_of(std::uint64_t hash) {
  return "202" + std::to_string(3 + hash % 3) + "-" + padded(1 + hash / 3 % 12, 2) + "-" +
         padded(1 + hash / 36 % 28, 2) + "T08:00:00Z";
}

TextModule text_module(std::string_view code, std::string html) {
  TextModule out;
  out.code = code;
  out.content = german(std::move(html));
  return out;
}

std::string_view life_event(char group) {
  switch (group) {
    case 'a': return "Haustiere halten";
    case 'v': return "Mobil sein";
    case 'b': return "Bauen und Wohnen";
    case 'g': return "Betrieb gründen";
    case 'p': return "Hilfe bekommen";
    case 'd': return "Sich ausweisen";
    case 'e': return "Feiern und wählen";
    case 'n': return "Umwelt schützen";
    case 's': return "Lernen";
    case 'l': return "Gesund bleiben";
    case 'f': return "Familie haben";
    default: return "Umziehen";
  }
}

Service empty_service(const PlannedService& plan) {
  Service out;
  out.id = plan.id;
  return out;
}

FeeModule fee_module(Prose& prose, Random& random) {
  Fee fee;
  fee.kind = "001";
  const std::string amount = std::to_string(5 + random.rank(400)) + (random.chance(80) ? ".00" : ".50");
  if (random.chance(60)) {
    fee.choice = Fee::Choice::fixed;
    fee.fixed = Amount{amount, "EUR"};
  } else if (random.chance(70)) {
    fee.choice = Fee::Choice::variable;
    fee.least = Amount{amount, "EUR"};
    fee.most = Amount{std::to_string(500 + random.below(900)) + ".00", "EUR"};
  } else {
    fee.choice = Fee::Choice::free;
  }
  FeeModule out;
  out.fees.push_back(std::move(fee));
  out.description = german(prose.paragraphs(fee_sentences(), 1 + random.below(3)));
  return out;
}

DeadlineModule time_module(std::string kind, std::string html, Random& random) {
  static constexpr std::string_view units[] = {"WOCHE", "TAG", "MONAT"};
  Deadline one;
  one.kind = std::move(kind);
  one.span.amount = random.between(1, 12);
  one.span.unit = units[random.below(3)];
  DeadlineModule out;
  out.deadlines.push_back(std::move(one));
  if (!html.empty()) out.description = german(std::move(html));
  return out;
}

}  // namespace

Service Bodies::service(std::uint32_t number, std::uint32_t edition) {
  const PlannedService& plan = plan_.services()[number];
  Random random(mix(plan.hash, 30, edition));
  const Object& object = plan_.object(plan);
  const Subject subject{&object, &plan_.act(plan), plan_.qualifier(plan), plan.level, plan.publisher};
  Prose prose(words_, country_, subject, scale_, random, stems_);
  Service out = empty_service(plan);
  const Concept& one = plan_.concepts().all[plan.concept_number];
  out.service_keys = {{std::string(key_list), {}, "99" + padded(100 + object.thing, 3) + padded(one.object, 3) +
                       padded(one.act + 1, 3) + padded(one.qualifier == none ? 0 : one.qualifier + 1, 3), {}}};
  out.audience = {random.chance(75) ? "001" : "002"};

  SearchTermModule terms;
  std::vector<TextModule>& texts = out.modules.texts;
  for (const Phrase& phrase : plan.phrases) {
    stems_.add(phrase.text);
    switch (phrase.kind) {
      case Phrase::Kind::citizen_title: texts.push_back(text_module(text_code::citizen_title, phrase.text)); break;
      case Phrase::Kind::title: texts.push_back(text_module(text_code::title, phrase.text)); break;
      case Phrase::Kind::synonym: terms.terms.push_back({"de", phrase.text, "001"}); break;
      case Phrase::Kind::everyday: terms.terms.push_back({"de", phrase.text, "003"}); break;
    }
  }
  std::size_t length = 6 + random.below(24);
  if (random.chance(15)) length += 25 + random.below(38);
  texts.push_back(text_module(text_code::short_text, prose.paragraphs(opening_sentences(), 2)));
  texts.push_back(text_module(text_code::full_text, prose.paragraphs(opening_sentences(), 1) +
                                                        prose.paragraphs(body_sentences(), length)));
  texts.push_back(text_module(text_code::legal_basis,
                              prose.items(std::span(body_sentences()).subspan(5, 2), 1 + random.below(2))));
  texts.push_back(text_module(text_code::documents, prose.items(document_lines(), 2 + random.below(5))));
  texts.push_back(text_module(text_code::requirements, prose.items(requirement_sentences(), 2 + random.below(5))));
  texts.push_back(text_module(text_code::procedure, prose.items(procedure_sentences(), 3 + random.below(5), true)));
  texts.push_back(text_module(text_code::notes, prose.paragraphs(note_sentences(), 1 + random.below(4))));
  if (random.chance(60)) {
    texts.push_back(text_module(text_code::appeal, prose.paragraphs(appeal_sentences(), 1 + random.below(2))));
  }
  out.modules.search_terms.push_back(std::move(terms));
  out.modules.fees.push_back(fee_module(prose, random));
  std::string until = prose.paragraphs(deadline_sentences(), 1 + random.below(2));
  out.modules.deadlines.push_back(time_module("003", std::move(until), random));
  out.modules.processing_times.push_back(time_module({}, {}, random));
  Document document;
  document.title = german(prose.noun().text);
  stems_.add(document.title[0].text);
  out.modules.documents.emplace_back().incoming.push_back(std::move(document));
  if (random.chance(40)) {
    Category category;
    const std::string_view name = life_event(words_.things[object.thing].groups.at(0));
    category.id.value = text::slug(name);
    category.name = german(std::string(name));
    category.class_name = german("Lebenslage");
    out.categories.push_back(std::move(category));
  }
  Publisher publisher;
  publisher.id.value = plan.id.agency;
  publisher.name = country_.authority_name(plan.publisher);
  out.publisher = std::move(publisher);
  if (plan.valid_there) out.valid_areas.push_back(country_.area(plan.publisher).key);
  out.version.changed_at = day_of(mix(plan.hash, edition));
  return out;
}

std::uint32_t Bodies::specialised_service(std::uint32_t number) const { return number * 5 + 4; }

ObjectId Bodies::specialisation_id(std::uint32_t number) const {
  return {plan_.services()[specialised_service(number)].id.agency,
          std::to_string(500'000'000 + std::uint64_t{number} * 3)};
}

Specialisation Bodies::specialisation(std::uint32_t number, std::uint32_t edition) {
  const std::uint32_t service = specialised_service(number);
  const PlannedService& plan = plan_.services()[service];
  Random random(mix(plan.hash, 31, edition));
  const Subject subject{&plan_.object(plan), &plan_.act(plan), plan_.qualifier(plan), plan.level, plan.publisher};
  Prose prose(words_, country_, subject, scale_, random, stems_);
  Specialisation out;
  out.id = specialisation_id(number);
  out.service = plan.id;
  Random place(mix(plan.hash, 32));
  const auto& towns = country_.of_level(Level::municipality, country_.state_of(plan.publisher));
  out.areas = {country_.area(place.pick(towns)).key};
  out.modules.texts.push_back(text_module(text_code::notes, prose.paragraphs(note_sentences(), 2)));
  out.modules.fees.push_back(fee_module(prose, random));
  return out;
}

ObjectId Bodies::online_id(std::uint32_t service, std::uint32_t number) const {
  return {plan_.services()[service].id.agency, std::to_string(200'000'000 + std::uint64_t{number} * 7)};
}

OnlineService Bodies::online(std::uint32_t service, std::uint32_t number, std::uint32_t edition) {
  const PlannedService& plan = plan_.services()[service];
  const Object& object = plan_.object(plan);
  Random random(mix(plan.hash, 33, number, edition));
  OnlineService out;
  out.id = online_id(service, number);
  if (random.chance(12)) out.purpose = "appointment";
  out.title = german(object.noun.text + " online " + plan_.act(plan).infinitive);
  out.links = {{{}, "de", "https://dienste.example/" + text::slug(object.noun.text) + "/" + out.id.local, {}}};
  static constexpr std::string_view levels[] = {"10", "20", "30", "40"};
  out.assurance_level = levels[random.below(4)];
  out.payment_methods = {random.chance(50) ? "online" : "credit_card"};
  return out;
}

ObjectId Bodies::link_id(std::uint32_t service, std::uint64_t number) const {
  return {plan_.services()[service].id.agency, std::to_string(300'000'000 + number)};
}

Responsibility Bodies::responsibility_object(std::uint32_t service, const Link& link, std::uint64_t number) const {
  Responsibility out;
  out.id = link_id(service, number);
  out.holder_kind = link.role == role_online ? ObjectKind::online_service : ObjectKind::unit;
  out.holder = link.role == role_online ? online_id(service, link.holder) : country_.unit_id(link.holder);
  out.service = plan_.services()[service].id;
  for (const std::uint32_t area : link.areas)
    if (area != 0) out.areas.push_back(country_.area(area).key);
  out.role = link.role == role_contact ? "03" : "01";
  return out;
}

std::string Bodies::responsibility(std::uint32_t service, const Link& link, std::uint64_t number) const {
  std::string out = "{";
  bool any = false;
  for (const std::uint32_t area : link.areas) {
    if (area == 0) continue;
    out.append(any ? ",\"" : "\"areas\":[\"").append(country_.area(area).key.digits()).append("\"");
    any = true;
  }
  if (any) out += "],";
  const bool is_online = link.role == role_online;
  out.append("\"holder\":\"")
      .append(external_id(is_online ? ObjectKind::online_service : ObjectKind::unit,
                          is_online ? online_id(service, link.holder) : country_.unit_id(link.holder)))
      .append("\",\"id\":\"").append(external_id(ObjectKind::responsibility, link_id(service, number)))
      .append(link.role == role_contact ? "\",\"role\":\"03\",\"service\":\"" : "\",\"role\":\"01\",\"service\":\"")
      .append(external_id(ObjectKind::service, plan_.services()[service].id)).append("\"}");
  return out;
}

}  // namespace verbund::directory::workload
