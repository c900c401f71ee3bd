// SPDX-License-Identifier: EUPL-1.2
// The checker of data/demo: what an editor changes there keeps the promises of the demonstration.
#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/demo/demo.h"
#include "base/text.h"
#include "directory/formats/testing/test_node.h"
#include "kits/embed/embed.h"
#include "kits/html/html.h"
#include "kits/json/json.h"

namespace verbund::embedded {
std::span<const embed::File> demo_data();
}

namespace verbund::app {
namespace {

using namespace directory;
using ::testing::IsEmpty;
using ::testing::Not;

const AreaKey& norderstedt() {
  static const AreaKey key = *AreaKey::parse("010600063063");
  return key;
}

constexpr std::array<std::string_view, 3> languages = {"de", "de-simple", "en"};

// The loaded demonstration, read once for all tests.
struct Demo {
  std::vector<Service> services;
  std::vector<Specialisation> specialisations;
  std::vector<OnlineService> online_services;
  std::vector<OrganisationalUnit> units;
  std::vector<Responsibility> responsibilities;

  const Service* service(const std::string& external) const {
    for (const Service& service : services)
      if (external_id(ObjectKind::service, service.id) == external) return &service;
    return nullptr;
  }
};

const Demo& demo() {
  static const Demo loaded = [] {
    directory::testing::TestNode node;
    Demo out;
    auto summary = load_demo_catalogue(node.database(), node.clock());
    if (!summary) {
      ADD_FAILURE() << summary.error().text();
      return out;
    }
    node.database().read([&](store::Connection& connection) {
      const ObjectStore objects(connection);
      objects.each<Service>([&](const Service& object) { out.services.push_back(object); });
      objects.each<Specialisation>([&](const Specialisation& object) { out.specialisations.push_back(object); });
      objects.each<OnlineService>([&](const OnlineService& object) { out.online_services.push_back(object); });
      objects.each<OrganisationalUnit>([&](const OrganisationalUnit& object) { out.units.push_back(object); });
      objects.each<Responsibility>([&](const Responsibility& object) { out.responsibilities.push_back(object); });
    });
    return out;
  }();
  return loaded;
}

bool applies_in_norderstedt(const Responsibility& responsibility) {
  return responsibility.areas.empty() ||
         std::any_of(responsibility.areas.begin(), responsibility.areas.end(),
                     [](const AreaKey& area) { return area.contains(norderstedt()); });
}

bool in_three_languages(const LocalisedTexts& texts) {
  return std::all_of(languages.begin(), languages.end(),
                     [&](std::string_view language) { return !pick_exact(texts, language).empty(); });
}

std::vector<std::string_view> catalogue_files() {
  std::vector<std::string_view> files;
  for (const embed::File& file : embedded::demo_data())
    if (file.path.starts_with("demo/")) files.push_back(file.bytes);
  return files;
}

// Calls `each` with every object of the catalogue files below which a text stands.
void each_json_object(const Json& json, const std::function<void(const Json&)>& each) {
  if (const auto* array = json.if_array()) {
    for (const Json& item : *array) each_json_object(item, each);
  } else if (const auto* object = json.if_object()) {
    each(json);
    for (const auto& [name, value] : *object) each_json_object(value, each);
  }
}

void each_text(std::string_view language, const std::function<void(const std::string&)>& each) {
  for (const std::string_view file : catalogue_files()) {
    auto json = parse_json(file, "demo");
    ASSERT_TRUE(json) << json.error().text();
    each_json_object(*json, [&](const Json& object) {
      const Json* text = object.find("text");
      if (text && text->if_string() && object.text_or("language") == language) each(*text->if_string());
    });
  }
}

// The 25 journeys the demonstration promises, and the services that answer each.
struct Journey { const char* name; std::vector<std::string> services; };

const std::vector<Journey>& journeys() {
  static const std::vector<Journey> all = {
      {"Wohnsitz an- und ummelden", {"demo-bund.LB.wohnsitz-anmelden", "demo-bund.LB.wohnsitz-abmelden"}},
      {"Personalausweis", {"demo-bund.LB.personalausweis"}},
      {"Reisepass", {"demo-bund.LB.reisepass"}},
      {"Online-Ausweis und PIN", {"demo-bund.LB.online-ausweis"}},
      {"Verlust des Ausweises", {"demo-bund.LB.ausweis-verlust"}},
      {"Führungszeugnis", {"demo-bund.LB.fuehrungszeugnis", "demo-bund.LB.erweitertes-fuehrungszeugnis"}},
      {"Meldebescheinigung", {"demo-norderstedt.LB.meldebescheinigung"}},
      {"Melderegisterauskunft", {"demo-norderstedt.LB.melderegisterauskunft"}},
      {"Bewohnerparkausweis", {"demo-norderstedt.LB.bewohnerparkausweis"}},
      {"Parkausweis für Menschen mit Behinderung", {"demo-sh.LB.parkausweis-behinderung"}},
      {"Gewerbe anmelden", {"demo-norderstedt.LB.gewerbe-anmelden"}},
      {"Gewerbe um- und abmelden", {"demo-norderstedt.LB.gewerbe-ummelden", "demo-norderstedt.LB.gewerbe-abmelden"}},
      {"Personenstandsurkunde", {"demo-norderstedt.LB.geburtsurkunde", "demo-norderstedt.LB.eheurkunde"}},
      {"Eheschließung", {"demo-norderstedt.LB.eheschliessung-anmelden"}},
      {"Sterbefall", {"demo-norderstedt.LB.sterbefall-anzeigen", "demo-norderstedt.LB.sterbeurkunde"}},
      {"Hundesteuer", {"demo-norderstedt.LB.hund-anmelden", "demo-norderstedt.LB.hund-abmelden"}},
      {"Kita-Platz", {"demo-norderstedt.LB.kita-platz"}},
      {"Fahrzeug abmelden", {"demo-sh.LB.fahrzeug-abmelden"}},
      {"Fahrzeug zulassen und ändern",
       {"demo-sh.LB.fahrzeug-zulassen", "demo-sh.LB.fahrzeug-umschreiben", "demo-sh.LB.fahrzeug-adresse-aendern"}},
      {"Wohngeld", {"demo-sh.LB.wohngeld"}},
      {"Unterhaltsvorschuss und Elterngeld", {"demo-sh.LB.unterhaltsvorschuss", "demo-bund.LB.elterngeld"}},
      {"Beglaubigung", {"demo-norderstedt.LB.beglaubigung"}},
      {"Bauantrag und Bauakten", {"demo-sh.LB.bauantrag", "demo-norderstedt.LB.bauakten-einsicht"}},
      {"Mängel melden", {"demo-norderstedt.LB.maengel-melden"}},
      {"Briefwahl", {"demo-norderstedt.LB.briefwahl"}},
  };
  return all;
}

TEST(DemoCatalogue, EveryJourneyEndsAtAnAuthorityWithFeeDocumentsAndOnlineAddress) {
  ASSERT_EQ(journeys().size(), 25u);
  for (const auto& [journey, ids] : journeys()) {
    for (const std::string& id : ids) {
      SCOPED_TRACE(std::string(journey) + ": " + id);
      const Service* service = demo().service(id);
      ASSERT_NE(service, nullptr);
      EXPECT_TRUE(std::any_of(service->valid_areas.begin(), service->valid_areas.end(),
                              [](const AreaKey& area) { return area.contains(norderstedt()); }));
      EXPECT_FALSE(service->modules.fees.empty() || service->modules.fees[0].fees.empty()) << "no fee";
      EXPECT_FALSE(service->modules.documents.empty() || service->modules.documents[0].incoming.empty()) << "no documents";
      EXPECT_FALSE(service->modules.processing_times.empty()) << "no processing time";

      bool competent = false, online = false;
      for (const Responsibility& one : demo().responsibilities) {
        if (one.service != service->id || !applies_in_norderstedt(one)) continue;
        if (one.holder_kind == ObjectKind::unit) {
          competent |= one.role == "01";
          continue;
        }
        for (const OnlineService& form : demo().online_services)
          if (form.id == one.holder) online |= !form.links.empty() && !form.links[0].uri.empty();
      }
      EXPECT_TRUE(competent) << "no competent authority";
      EXPECT_TRUE(online) << "no online form address";
    }
  }
}

TEST(DemoCatalogue, EveryServiceBelongsToAJourney) {
  std::set<std::string> told;
  for (const Journey& journey : journeys()) told.insert(journey.services.begin(), journey.services.end());
  for (const Service& service : demo().services)
    EXPECT_TRUE(told.contains(external_id(ObjectKind::service, service.id))) << service.id.local;
  EXPECT_EQ(told.size(), demo().services.size());
}

TEST(DemoCatalogue, EveryTextIsThereInGermanPlainLanguageAndEnglish) {
  for (const Service& service : demo().services) {
    SCOPED_TRACE(service.id.local);
    for (const std::string_view code : {"03", "05", "06", "07", "08", "09", "11"}) {
      const TextModule* module = find_text(service.modules, code);
      ASSERT_NE(module, nullptr) << code;
      EXPECT_TRUE(in_three_languages(module->content)) << code;
    }
    for (const TextModule& module : service.modules.texts)
      EXPECT_TRUE(module.code == "02" || in_three_languages(module.content)) << module.code;
    for (const FeeModule& module : service.modules.fees)
      for (const Fee& fee : module.fees) EXPECT_TRUE(in_three_languages(fee.description) || in_three_languages(fee.reason));
    for (const DocumentModule& module : service.modules.documents)
      for (const Document& document : module.incoming) EXPECT_TRUE(in_three_languages(document.title));
    for (const auto* modules : {&service.modules.deadlines, &service.modules.processing_times})
      for (const DeadlineModule& module : *modules)
        for (const Deadline& deadline : module.deadlines) EXPECT_TRUE(in_three_languages(deadline.description));
    for (const Category& category : service.categories) {
      EXPECT_TRUE(is_life_event(category));
      EXPECT_TRUE(in_three_languages(category.name));
    }
    EXPECT_FALSE(service.categories.empty());
    EXPECT_EQ(service.languages.size(), languages.size());
  }
  for (const Specialisation& one : demo().specialisations)
    for (const TextModule& module : one.modules.texts) EXPECT_TRUE(in_three_languages(module.content)) << one.id.local;
  for (const OnlineService& one : demo().online_services) EXPECT_TRUE(in_three_languages(one.title)) << one.id.local;
  for (const OrganisationalUnit& unit : demo().units) {
    EXPECT_TRUE(in_three_languages(unit.name)) << unit.id.local;
    EXPECT_TRUE(in_three_languages(unit.description)) << unit.id.local;
  }
}

TEST(DemoCatalogue, WhatIsThereEverywhereSaysWhoIsUsuallyResponsible) {
  for (const Service& service : demo().services) {
    if (service.id.agency == "demo-norderstedt") continue;
    EXPECT_NE(find_text(service.modules, text_code::competent_body), nullptr) << service.id.local;
  }
}

TEST(DemoCatalogue, EveryServiceCanBeFoundByEverydayWords) {
  for (const Service& service : demo().services) {
    ASSERT_FALSE(service.modules.search_terms.empty()) << service.id.local;
    std::map<std::string, int> count;
    std::set<std::pair<std::string, std::string>> seen;
    for (const SearchTerm& term : service.modules.search_terms[0].terms) {
      ++count[term.language];
      EXPECT_TRUE(seen.emplace(term.language, term.term).second) << service.id.local << " twice: " << term.term;
    }
    EXPECT_GE(count["de"], 10) << service.id.local;
    EXPECT_GE(count["en"], 2) << service.id.local;
  }
}

TEST(DemoCatalogue, FeesSayWhatTheyAre) {
  const std::regex amount("[0-9]+\\.[0-9]{2}");
  const auto sound = [&](const std::optional<Amount>& one) {
    return !one || (std::regex_match(one->value, amount) && one->currency == "EUR");
  };
  for (const Service& service : demo().services) {
    for (const Fee& fee : service.modules.fees.at(0).fees) {
      SCOPED_TRACE(service.id.local);
      EXPECT_NE(fee.choice, Fee::Choice::unknown);
      EXPECT_EQ(fee.choice == Fee::Choice::fixed, fee.fixed.has_value());
      EXPECT_TRUE(sound(fee.fixed) && sound(fee.least) && sound(fee.most));
      EXPECT_TRUE(fee.choice == Fee::Choice::fixed || !fee.reason.empty());
    }
  }
}

TEST(DemoCatalogue, ThereIsAnOfficeToVisitCallAndWriteTo) {
  for (const OrganisationalUnit& unit : demo().units) {
    SCOPED_TRACE(unit.id.local);
    const Address* address = visiting_address(unit);
    ASSERT_NE(address, nullptr);
    EXPECT_FALSE(address->street.empty() || address->house_number.empty() || address->postal_code.empty());
    EXPECT_TRUE(address->latitude && address->longitude);
    EXPECT_THAT(unit.hours, Not(IsEmpty()));
    for (const OpeningHours& hours : unit.hours) EXPECT_LT(hours.opens, hours.closes);
    std::set<std::string> channels;
    for (const Contact& contact : unit.contacts) channels.insert(contact.channel);
    EXPECT_TRUE(channels.contains("phone") && channels.contains("email"));
  }
}

// Nobody ends at a telephone number for everything: an office is named for each service wherever it is offered.
TEST(DemoCatalogue, AnOfficeIsResponsibleForEachServiceInEveryMunicipality) {
  auto geography = embedded_geography();
  ASSERT_TRUE(geography) << geography.error().text();
  std::size_t places = 0;
  for (const Service& service : demo().services) {
    std::vector<AreaKey> covered;
    for (const Responsibility& one : demo().responsibilities) {
      if (one.service != service.id || one.holder_kind != ObjectKind::unit || one.role != "01") continue;
      if (one.areas.empty()) covered.emplace_back();
      covered.insert(covered.end(), one.areas.begin(), one.areas.end());
    }
    const auto within = [](const std::vector<AreaKey>& keys, const AreaKey& place) {
      return std::any_of(keys.begin(), keys.end(), [&](const AreaKey& key) { return key.contains(place); });
    };
    for (const Area& area : geography->areas) {
      if (area.level != AreaLevel::municipality || !within(service.valid_areas, area.key)) continue;
      ++places;
      EXPECT_TRUE(within(covered, area.key)) << service.id.local << " in " << area.name;
    }
  }
  EXPECT_GT(places, 9 * 10'000u);
}

TEST(DemoCatalogue, IsMarkedAsADemonstration) {
  for (const Service& service : demo().services) {
    ASSERT_TRUE(service.publisher) << service.id.local;
    EXPECT_TRUE(service.publisher->name.ends_with("(Demonstration)")) << service.id.local;
    EXPECT_TRUE(service.id.agency.starts_with("demo-"));
  }
  for (const OrganisationalUnit& unit : demo().units) {
    EXPECT_NE(pick_exact(unit.description, "de").find("Demonstration"), std::string::npos) << unit.id.local;
    EXPECT_NE(pick_exact(unit.description, "en").find("demonstration"), std::string::npos) << unit.id.local;
  }
}

// Source: Bundesnetzagentur, Mitteilung 148/2021 (Amtsblatt 7/2021), numbers reserved for media productions.
TEST(DemoCatalogue, PhoneNumbersBelongToNobody) {
  const std::regex fictitious("\\+49 (30 23125|40 66969|69 90009|89 99998|221 4710)-[0-9]{3}");
  for (const OrganisationalUnit& unit : demo().units)
    for (const Contact& contact : unit.contacts)
      EXPECT_TRUE(contact.channel != "phone" || contact.value == "115" || std::regex_match(contact.value, fictitious))
          << contact.value;

  const std::regex dialled("(\\+49|\\b0[1-9][0-9]{1,4})[ /()-]*[0-9][0-9 /-]{4,}");
  for (const std::string_view language : languages)
    each_text(language, [&](const std::string& text) { EXPECT_FALSE(std::regex_search(text, dialled)) << text; });
}

TEST(DemoCatalogue, AddressesLeadToExamplesOrOfficialSitesOnly) {
  const std::regex address("(https?://|mailto:|@)([A-Za-z0-9.-]+)");
  int seen = 0;
  for (const std::string_view file : catalogue_files()) {
    const std::string text(file);
    for (std::sregex_iterator at(text.begin(), text.end(), address), end; at != end; ++at) {
      const std::string scheme = (*at)[1], host = (*at)[2];
      ++seen;
      EXPECT_NE(scheme, "http://") << host;
      EXPECT_TRUE(host.ends_with(".example") || host == "www.gesetze-im-internet.de" || host.ends_with(".bund.de")) << host;
    }
  }
  EXPECT_GT(seen, 100);
}

TEST(DemoCatalogue, TextsAreCleanHtmlAlready) {
  const auto clean = [](const LocalisedTexts& texts, const std::string& where) {
    for (const LocalisedText& one : texts) EXPECT_EQ(html::sanitise(one.text), one.text) << where;
  };
  const auto modules = [&](const Modules& all, const std::string& where) {
    for (const TextModule& one : all.texts) clean(one.content, where);
    for (const auto* spans : {&all.deadlines, &all.processing_times})
      for (const DeadlineModule& module : *spans)
        for (const Deadline& one : module.deadlines) clean(one.description, where);
    for (const FeeModule& module : all.fees) {
      clean(module.description, where);
      for (const Fee& fee : module.fees) clean(fee.description, where);
    }
  };
  for (const Service& one : demo().services) modules(one.modules, one.id.local);
  for (const Specialisation& one : demo().specialisations) modules(one.modules, one.id.local);
  for (const OnlineService& one : demo().online_services) clean(one.description, one.id.local);
  for (const OrganisationalUnit& unit : demo().units) {
    clean(unit.description, unit.id.local);
    clean(unit.hours_text, unit.id.local);
    clean(unit.notes, unit.id.local);
    for (const Address& address : unit.addresses) clean(address.directions, unit.id.local);
  }
}

// Rules of Leichte Sprache that a machine can see: short sentences, divided long words, no passive, no genitive, no
// subordinate clauses with the usual conjunctions.
TEST(DemoCatalogue, PlainLanguageIsPlain) {
  constexpr std::size_t most_words = 13, most_letters = 16;
  const std::regex forbidden("\\b(wird|werden|wurde|wurden|des|eines|dass|weil|obwohl|sodass)\\b|, (wenn|ob|damit)\\b");
  int sentences = 0;
  each_text("de-simple", [&](const std::string& text) {
    std::string lines = std::regex_replace(text, std::regex("<[^>]*>"), "\n");
    lines = std::regex_replace(lines, std::regex("([.!?:]) "), "$1\n");
    for (const std::string_view line : split(lines, '\n')) {
      const std::string sentence(trim(line));
      if (sentence.empty()) continue;
      ++sentences;
      EXPECT_LE(split(sentence, ' ').size(), most_words) << sentence;
      EXPECT_FALSE(std::regex_search(sentence, forbidden)) << sentence;
      for (const std::string_view word : split(sentence, ' '))
        for (const std::string_view part : split(word, '-')) {
          const auto letters = std::count_if(part.begin(), part.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0) != 0x80 && std::string_view(".,:?!()").find(c) == std::string_view::npos;
          });
          EXPECT_LE(static_cast<std::size_t>(letters), most_letters) << sentence;
        }
    }
  });
  EXPECT_GT(sentences, 1000);
  std::cout << sentences << " sentences in plain language\n";
}

}  // namespace
}  // namespace verbund::app
