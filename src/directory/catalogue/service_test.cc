// SPDX-License-Identifier: EUPL-1.2
#include "directory/catalogue/service.h"

#include <gtest/gtest.h>

namespace verbund::directory {
namespace {

TextModule text(std::string_view code, LocalisedTexts content) {
  TextModule out;
  out.code = code;
  out.content = std::move(content);
  return out;
}

TEST(Texts, ArePickedByLanguageThenGermanThenTheFirst) {
  const LocalisedTexts texts{{"pl", "dowód"}, {"de", "Ausweis"}, {"en", "card"}, {"tr", ""}};
  EXPECT_EQ(pick(texts, "en"), "card");
  EXPECT_EQ(pick(texts, "fr"), "Ausweis");
  EXPECT_EQ(pick(texts, "tr"), "Ausweis");
  EXPECT_EQ(pick({{"tr", ""}, {"pl", "dowód"}}, "fr"), "dowód");
  EXPECT_EQ(pick({}, "de"), "");
  EXPECT_EQ(pick_exact(texts, "en"), "card");
  EXPECT_EQ(pick_exact(texts, "fr"), "");
}

TEST(Titles, AreTheOnesForCitizensIfThereAreAny) {
  Service service;
  EXPECT_EQ(citizen_title(service, "de"), "");
  service.modules.texts = {text("02", {{"de", "Personalausweis Ausstellung"}, {"en", "Identity card issue"}})};
  EXPECT_EQ(citizen_title(service, "de"), "Personalausweis Ausstellung");
  service.modules.texts.push_back(text("03", {{"de", "Personalausweis beantragen"}}));
  EXPECT_EQ(citizen_title(service, "de"), "Personalausweis beantragen");
  EXPECT_EQ(citizen_title(service, "en"), "Identity card issue");
  EXPECT_EQ(citizen_title(service, "tr"), "Personalausweis beantragen");
  service.modules.texts = {text("03", {{"de", ""}, {"pl", "dowód"}})};
  EXPECT_EQ(citizen_title(service, "de"), "dowód");
}

TEST(Services, HaveTheFirstKeyOfFourteenDigits) {
  Service service;
  EXPECT_EQ(service_key(service), "");
  service.service_keys = {{"", "", "L100012.1", ""}, {"", "", "99001001001000", ""}, {"", "", "99002002002000", ""}};
  EXPECT_EQ(service_key(service), "99001001001000");
}

TEST(Modules, AreFoundByCode) {
  Modules modules;
  modules.texts = {text("05", {{"de", "a"}}), text("05", {{"de", "b"}})};
  ASSERT_TRUE(find_text(modules, "05"));
  EXPECT_EQ(find_text(modules, "05")->content[0].text, "a");
  EXPECT_FALSE(find_text(modules, "06"));
}

TEST(Categories, AreLifeEventsIfTheirClassSaysSo) {
  Category category;
  EXPECT_FALSE(is_life_event(category));
  category.class_name = {{"de", "Themenfeld"}, {"de", " LEBENSLAGEN "}};
  EXPECT_TRUE(is_life_event(category));
  category.class_name = {{"de", "Lebenslagenberatung"}};
  EXPECT_FALSE(is_life_event(category));
  category.class_id.scheme_uri = "urn:xoev-de:fim:codeliste:PVLagen";
  EXPECT_TRUE(is_life_event(category));
  category.class_id = {};
  category.id.scheme = "urn:xoev-de:fim:codeliste:pvlagen";
  EXPECT_TRUE(is_life_event(category));
}

TEST(Specialised, IsTheServiceItselfWithoutSpecialisations) {
  Service service;
  service.modules.texts = {text("05", {{"de", "a"}})};
  EXPECT_EQ(specialised(service, {}), service);
}

TEST(Specialised, ReplacesTheLanguagesAModuleHas) {
  Service service;
  service.modules.texts = {text("05", {{"de", "kurz"}, {"en", "short"}}), text("06", {{"de", "voll"}})};
  service.modules.texts[0].links = {{"de", "https://a.example/", "", "", {}}, {"en", "https://b.example/", "", "", {}}};
  Specialisation town;
  town.modules.texts = {text("05", {{"de", "kurz in der Stadt"}})};
  const Service out = specialised(service, {town});
  ASSERT_EQ(out.modules.texts.size(), 2u);
  EXPECT_EQ(pick(out.modules.texts[0].content, "de"), "kurz in der Stadt");
  EXPECT_EQ(pick(out.modules.texts[0].content, "en"), "short");
  ASSERT_EQ(out.modules.texts[0].links.size(), 1u);
  EXPECT_EQ(out.modules.texts[0].links[0].language, "en");
  EXPECT_EQ(out.modules.texts[1], service.modules.texts[1]);
}

TEST(Specialised, LaysTheLastOverTheFirstAndAddsWhatIsNew) {
  Service service;
  service.modules.texts = {text("05", {{"de", "Land"}})};
  Specialisation district;
  district.modules.texts = {text("05", {{"de", "Kreis"}}), text("16", {{"de", "Hinweis"}})};
  Specialisation town;
  town.modules.texts = {text("05", {{"de", "Stadt"}})};
  const Service out = specialised(service, {district, town});
  ASSERT_EQ(out.modules.texts.size(), 2u);
  EXPECT_EQ(pick(out.modules.texts[0].content, "de"), "Stadt");
  EXPECT_EQ(pick(find_text(out.modules, "16")->content, "de"), "Hinweis");
}

TEST(Specialised, StandsForEveryModuleOfTheCode) {
  Service service;
  service.modules.texts = {text("16", {{"de", "eins"}}), text("16", {{"de", "zwei"}}), text("16", {{"en", "three"}})};
  Specialisation town;
  town.modules.texts = {text("16", {{"de", "nur dies"}})};
  const Service out = specialised(service, {town});
  ASSERT_EQ(out.modules.texts.size(), 2u);
  EXPECT_EQ(out.modules.texts[0].content, (LocalisedTexts{{"de", "nur dies"}}));
  EXPECT_EQ(out.modules.texts[1].content, (LocalisedTexts{{"en", "three"}}));
}

TEST(Specialised, KeepsChannelsAndIndividualModulesApart) {
  Service service;
  service.modules.texts = {text("11", {{"de", "alle"}}), text("", {{"de", "Tipp"}}), text("", {{"de", "Kontakt"}})};
  service.modules.texts[1].individual_kind.code = "tip";
  service.modules.texts[2].individual_kind.code = "contact";
  Specialisation town;
  town.modules.texts = {text("11", {{"de", "online"}}), text("", {{"de", "Tipp der Stadt"}})};
  town.modules.texts[0].head.channel = "100";
  town.modules.texts[1].individual_kind.code = "tip";
  const Service out = specialised(service, {town});
  ASSERT_EQ(out.modules.texts.size(), 4u);
  EXPECT_EQ(out.modules.texts[0].content[0].text, "alle");
  EXPECT_EQ(out.modules.texts[1].content[0].text, "Tipp der Stadt");
  EXPECT_EQ(out.modules.texts[2].content[0].text, "Kontakt");
  EXPECT_EQ(out.modules.texts[3].content[0].text, "online");
}

TEST(Specialised, ReplacesFeesAsAWholeAndLeavesThemWithoutNewOnes) {
  Service service;
  FeeModule fees;
  fees.fees.resize(2);
  fees.fees[0].fixed = Amount{"10.00", "EUR"};
  fees.description = {{"de", "Gebühr"}, {"en", "Fee"}};
  service.modules.fees = {fees};
  Specialisation words;
  words.modules.fees.resize(1);
  words.modules.fees[0].description = {{"de", "Gebühr der Stadt"}};
  Service out = specialised(service, {words});
  ASSERT_EQ(out.modules.fees.size(), 1u);
  EXPECT_EQ(out.modules.fees[0].fees.size(), 2u);
  EXPECT_EQ(pick(out.modules.fees[0].description, "de"), "Gebühr der Stadt");
  EXPECT_EQ(pick(out.modules.fees[0].description, "en"), "Fee");

  Specialisation price;
  price.modules.fees.resize(1);
  price.modules.fees[0].fees.resize(1);
  price.modules.fees[0].fees[0].fixed = Amount{"12.00", "EUR"};
  out = specialised(service, {price});
  ASSERT_EQ(out.modules.fees.size(), 1u);
  ASSERT_EQ(out.modules.fees[0].fees.size(), 1u);
  EXPECT_EQ(out.modules.fees[0].fees[0].fixed->value, "12.00");
}

TEST(Specialised, ReplacesIncomingDocumentsAndKeepsOutgoingOnes) {
  Service service;
  service.modules.documents.resize(1);
  service.modules.documents[0].incoming.resize(2);
  service.modules.documents[0].outgoing.resize(1);
  Specialisation town;
  town.modules.documents.resize(1);
  town.modules.documents[0].incoming.resize(1);
  town.modules.documents[0].incoming[0].kind = "015";
  const Service out = specialised(service, {town});
  ASSERT_EQ(out.modules.documents.size(), 1u);
  ASSERT_EQ(out.modules.documents[0].incoming.size(), 1u);
  EXPECT_EQ(out.modules.documents[0].incoming[0].kind, "015");
  EXPECT_EQ(out.modules.documents[0].outgoing.size(), 1u);
}

TEST(Specialised, ReplacesSearchTermsPortalsAndApprovals) {
  Service service;
  service.modules.search_terms = {{{}, {{"de", "Perso", "001"}, {"en", "ID", "001"}}}};
  service.modules.source_portals = {{{}, "de", "https://land.example/", "", {}}};
  service.modules.approvals = {{{}, "2020-01-01", {}}};
  Specialisation town;
  town.modules.search_terms = {{{}, {{"de", "Ausweis", "001"}}}};
  town.modules.source_portals = {{{}, "de", "https://stadt.example/", "", {}}};
  town.modules.approvals = {{{}, "2024-01-01", {}}};
  const Service out = specialised(service, {town});
  ASSERT_EQ(out.modules.search_terms.size(), 1u);
  ASSERT_EQ(out.modules.search_terms[0].terms.size(), 2u);
  EXPECT_EQ(out.modules.search_terms[0].terms[0].term, "ID");
  EXPECT_EQ(out.modules.search_terms[0].terms[1].term, "Ausweis");
  ASSERT_EQ(out.modules.source_portals.size(), 1u);
  EXPECT_EQ(out.modules.source_portals[0].uri, "https://stadt.example/");
  ASSERT_EQ(out.modules.approvals.size(), 1u);
  EXPECT_EQ(out.modules.approvals[0].approved_on, "2024-01-01");
}

}  // namespace
}  // namespace verbund::directory
