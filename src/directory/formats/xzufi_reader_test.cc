// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "directory/formats/xzufi_test_support.h"

namespace verbund::directory::xzufi {
namespace {

using namespace testing;

Kept read_file(const std::string& name) {
  Kept kept;
  auto read = read_message(test_file(name), kept);
  EXPECT_TRUE(read.has_value()) << read.error().text();
  return kept;
}

Kept read_text(const std::string& items) {
  Kept kept;
  auto read = read_message_from_memory(message(items), "test.xml", kept);
  EXPECT_TRUE(read.has_value()) << read.error().text();
  return kept;
}

TEST(XzufiLanguages, AreNormalisedToLowerCaseBcp47) {
  const std::pair<const char*, const char*> rows[] = {
      {"de", "de"},          {"DE", "de"},        {"deu", "de"},           {"ger", "de"},        {"de-DE", "de"},
      {"en", "en"},          {"eng", "en"},       {"en_GB", "en"},         {"tr", "tr"},         {"pt-BR", "pt-br"},
      {"hsb", "hsb"},        {"de-LS", "de-simple"}, {"de_LS", "de-simple"}, {"de-x-ls", "de-simple"},
      {"de-leicht", "de-simple"}, {"deu-ls", "de-simple"}, {"de-simple", "de-simple"}, {"Leichte Sprache", "de-simple"},
      {"", ""},              {"12", ""},          {"d", ""},               {"de-", ""},          {"de--x", ""},
      {"<b>", ""},           {"de ls", ""}};
  for (const auto& [given, expected] : rows) {
    EXPECT_EQ(normal_language(given), expected) << given;
    EXPECT_EQ(normal_language(normal_language(given)), expected) << given;
  }
}

TEST(XzufiReader, ReadsEveryPartOfAServiceOf220) {
  const Kept kept = read_file("transfer-2.2.0.xml");
  ASSERT_EQ(kept.services.size(), 1u);
  const Service& s = kept.services[0];
  EXPECT_EQ(external_id(ObjectKind::service, s.id), "T100.LB.4711");
  ASSERT_EQ(s.secondary_ids.size(), 1u);
  EXPECT_EQ(s.secondary_ids[0].scheme, "alt");
  EXPECT_EQ(s.structure.kind, "object_with_act_and_detail");
  EXPECT_EQ(s.structure.group.value, "050");
  EXPECT_EQ(s.structure.object_id.value, "99050777");
  EXPECT_EQ(s.structure.act, (Code{"urn:de:fim:leika:verrichtung", "1", "104", "Anmeldung"}));
  EXPECT_EQ(s.structure.detail, (LocalisedTexts{{"de", "mit Probe"}}));
  EXPECT_EQ(s.service_keys,
            (std::vector<Code>{{"urn:de:fim:leika:leistung", "1", "99050777104001", "Drachen anmelden"}}));
  ASSERT_EQ(s.modules.texts.size(), 3u);
  EXPECT_EQ(s.modules.texts[0].code, "03");
  EXPECT_EQ(s.modules.texts[0].head.position, 1);
  EXPECT_EQ(
      s.modules.texts[0].content,
      (LocalisedTexts{{"de", "Drachen anmelden"}, {"de-simple", "Drachen an-melden"}, {"en", "Register a dragon"}}));
  EXPECT_EQ(s.modules.texts[1].content, (LocalisedTexts{{"de", "<ul><li>Futternachweis</li></ul>"}}));
  EXPECT_EQ(s.modules.texts[1].title_override, (LocalisedTexts{{"de", "Mitzubringen"}}));
  EXPECT_EQ(s.modules.texts[1].links, (std::vector<Link>{{"de", "https://example.org/futter", "Merkblatt", "", 2}}));
  EXPECT_EQ(s.modules.texts[2].code, "");
  EXPECT_EQ(s.modules.texts[2].individual_kind.code, "77");
  ASSERT_EQ(s.modules.deadlines.size(), 1u);
  const auto& deadlines = s.modules.deadlines[0].deadlines;
  EXPECT_EQ(deadlines.at(0).span, (TimeSpan{2, "WOCHE", 3, "MONAT", "", ""}));
  EXPECT_EQ(deadlines.at(1).span, (TimeSpan{std::nullopt, "", std::nullopt, "", "2026-01-01", "--12-31"}));
  ASSERT_EQ(s.modules.fees.size(), 1u);
  const auto& fees = s.modules.fees[0].fees;
  ASSERT_EQ(fees.size(), 3u);
  EXPECT_EQ(fees[0].choice, Fee::Choice::fixed);
  EXPECT_EQ(fees[0].fixed, (Amount{"46.00", "EUR"}));
  EXPECT_EQ(fees[0].in_advance, true);
  EXPECT_EQ(fees[0].tariff_links.at(0).uri, "https://example.org/satzung");
  EXPECT_EQ(fees[1].choice, Fee::Choice::variable);
  EXPECT_EQ(fees[1].most, (Amount{"10.5", "EUR"}));
  EXPECT_EQ(fees[1].reason, (LocalisedTexts{{"de", "nach Größe"}}));
  EXPECT_EQ(fees[2].choice, Fee::Choice::free);
  EXPECT_EQ(fees[2].reason, (LocalisedTexts{{"de", "für Küken"}}));
  EXPECT_EQ(s.modules.processing_times.at(0).deadlines.at(0).span.unit, "ARBEITSTAG");
  EXPECT_EQ(s.modules.search_terms.at(0).terms, (std::vector<SearchTerm>{{"de", "Lindwurm", "001"}}));
  EXPECT_EQ(s.modules.approvals.at(0).approved_on, "2024-06-10");
  EXPECT_EQ(s.modules.advice.at(0).content, (LocalisedTexts{{"de", "Ruhig bleiben."}}));
  const auto& documents = s.modules.documents.at(0);
  EXPECT_EQ(documents.incoming.at(0).kind, "999");
  EXPECT_EQ(documents.incoming.at(0).kind_unlisted, "Schuppenprobe");
  EXPECT_EQ(documents.incoming.at(0).forms.at(0).value, "F1");
  EXPECT_EQ(documents.incoming.at(0).signature, "001");
  EXPECT_EQ(documents.outgoing.at(0).title, (LocalisedTexts{{"de", "Drachenmarke"}}));
  EXPECT_EQ(documents.description_incoming, (LocalisedTexts{{"de", "Alles in Kopie"}}));
  EXPECT_EQ(s.modules.source_portals.at(0).uri, "https://example.org/4711");
  EXPECT_EQ(s.typing.at(0).code, "2/3a");
  EXPECT_EQ(s.assurance_level, "30");
  EXPECT_EQ(s.audience, std::vector<std::string>{"001"});
  EXPECT_EQ(s.written_form, false);
  EXPECT_EQ(s.in_person, std::nullopt);
  EXPECT_EQ(s.categories.at(0).class_name, (LocalisedTexts{{"de", "Lebenslage"}}));
  EXPECT_EQ(s.classifications.at(0).list_uri, "urn:xoev-de:fim:codeliste:pvlagen");
  EXPECT_EQ(s.sdg, std::vector<std::string>{"2010100"});
  EXPECT_EQ(s.related_services.at(0).value, "4712");
  EXPECT_EQ(s.processes.at(0).value, "P9");
  EXPECT_EQ(s.publisher->name, "Drachenland");
  EXPECT_EQ(s.valid_areas, std::vector<AreaKey>{AreaKey::parse("01").value()});
  EXPECT_EQ(s.single_contact, std::vector<std::string>{"11"});
  EXPECT_EQ(s.industries.at(0), (Code{"urn:test:wz", "2008", "01.4", ""}));
  EXPECT_EQ(s.nationalities.at(0).code, "000");
  EXPECT_EQ(s.version.changed_at, "2026-02-15T22:00:00Z");
  EXPECT_EQ(s.languages.at(0).language, "de");
  EXPECT_EQ(s.validity.at(0).begin, "2026-01-01T00:00:00Z");
}

TEST(XzufiReader, ReadsUnitsOnlineServicesAndResponsibilities) {
  const Kept kept = read_file("transfer-2.2.0.xml");
  ASSERT_EQ(kept.units.size(), 1u);
  const OrganisationalUnit& unit = kept.units[0];
  EXPECT_EQ(unit.parent, (ObjectId{"T100", "899"}));
  EXPECT_EQ(unit.name, (LocalisedTexts{{"de", "Drachenmeldestelle"}}));
  const Address& address = unit.addresses.at(0);
  EXPECT_EQ(address.kind, "002");
  EXPECT_EQ(address.street, "Höhlenweg");
  EXPECT_EQ(address.house_number, "7 a");
  EXPECT_EQ(address.area, "010600063063");
  EXPECT_EQ(address.municipality, "01060063");
  EXPECT_EQ(address.latitude, 53.7);
  EXPECT_EQ(address.longitude, 9.99);
  EXPECT_EQ(address.lift, true);
  EXPECT_EQ(unit.contacts.at(0), (Contact{"phone", "+49 40 123", {}}));
  EXPECT_EQ(unit.contacts.at(1).channel, "email");
  EXPECT_EQ(unit.hours, (std::vector<OpeningHours>{{1, "08:00", "12:30", "", {}}}));

  ASSERT_EQ(kept.online_services.size(), 1u);
  EXPECT_EQ(kept.online_services[0].links,
            (std::vector<OnlineServiceLink>{{"01", "de", "https://example.org/online", "Zum Antrag"}}));
  EXPECT_EQ(kept.online_services[0].purpose, "apply");
  EXPECT_EQ(kept.specialisations.at(0).service, (ObjectId{"T100", "4711"}));

  ASSERT_EQ(kept.responsibilities.size(), 2u);
  const Responsibility& embedded = kept.responsibilities[0];
  EXPECT_EQ(embedded.holder, (ObjectId{"T100", "900"}));
  EXPECT_EQ(embedded.holder_kind, ObjectKind::unit);
  EXPECT_EQ(embedded.areas.size(), 2u);
  EXPECT_EQ(embedded.role, "01");
  EXPECT_TRUE(is_embedded(embedded));
  EXPECT_EQ(embedded.secondary_ids.at(0).scheme, "urn:de:fitko:fit-connect:xzufi:destination");
  const Responsibility& single = kept.responsibilities[1];
  EXPECT_EQ(single.holder_kind, ObjectKind::online_service);
  EXPECT_FALSE(is_embedded(single));
  EXPECT_EQ(single.areas, std::vector<AreaKey>{AreaKey()});

  ASSERT_EQ(kept.skips.size(), 1u) << "only the responsibility with the wrong area, not its unit";
  EXPECT_EQ(kept.skips[0].object, "T100.ZS.Z2");
  EXPECT_NE(kept.skips[0].reason.find("überall"), std::string::npos);
  EXPECT_GT(kept.skips[0].line, 100u);
  EXPECT_TRUE(kept.warnings.empty());
}

TEST(XzufiReader, ReadsWhatOnly231Has) {
  const Kept kept = read_file("transfer-2.3.1.xml");
  ASSERT_EQ(kept.services.size(), 1u) << (kept.skips.empty() ? "" : kept.skips[0].reason);
  const Service& s = kept.services[0];
  EXPECT_EQ(s.id, (ObjectId{"T300", "4720"})) << "the agency comes from the header";
  EXPECT_EQ(s.structure.group.value, "050");
  EXPECT_EQ(s.structure.act.code, "12");
  EXPECT_EQ(s.catalogue_status, "6");
  EXPECT_EQ(s.library_status, "5");
  EXPECT_EQ(s.detail_level, "103");
  EXPECT_EQ(s.service_keys, (std::vector<Code>{{"urn:de:fim:leika:leistung", "1", "99050778012000", ""}}));
  EXPECT_EQ(s.reference_place_kinds, std::vector<std::string>{"001"});
  EXPECT_EQ(s.modules.texts.at(0).head.channel, "100");
  ASSERT_EQ(s.modules.fees.size(), 2u);
  EXPECT_EQ(s.modules.fees[0].fees.at(0).choice, Fee::Choice::fixed);
  EXPECT_EQ(s.modules.fees[0].fees.at(0).fixed, (Amount{"12.50", "EUR"}));
  EXPECT_EQ(s.modules.fees[0].fees.at(0).tariff_links.at(0).language, "de");
  const auto& documents = s.modules.documents.at(0);
  EXPECT_EQ(documents.incoming.at(0).kind, "015");
  EXPECT_EQ(documents.incoming.at(0).obligation, "02");
  EXPECT_EQ(documents.incoming.at(0).is_trigger, true);
  EXPECT_EQ(documents.incoming.at(0).forms.at(0).value, "F2");
  EXPECT_EQ(documents.description_outgoing, (LocalisedTexts{{"de", "heraus"}}));
  EXPECT_EQ(s.modules.source_portals.at(0).parameters, (std::vector<UrlParameter>{{"001", "ars"}}));
  EXPECT_EQ(s.written_form, true);
  EXPECT_EQ(s.in_person, true);
  EXPECT_EQ(s.informal, false);
  EXPECT_EQ(s.sdg, std::vector<std::string>{"2010100"});
  EXPECT_EQ(s.sdg2, std::vector<std::string>{"1010"});
  EXPECT_EQ(s.related_services.at(0).value, "4711");
  EXPECT_EQ(s.single_contact, std::vector<std::string>{"19"});
  ASSERT_EQ(s.nationalities.size(), 2u);
  EXPECT_EQ(s.nationalities[1].list_uri, "urn:test:staatengruppe");
  EXPECT_EQ(s.languages.at(0).translated_from, "de");
  EXPECT_EQ(s.languages.at(0).translated_by, "Automat");
}

TEST(XzufiReader, ReadsAnAnswerOf21InLatin1) {
  const Kept kept = read_file("answer-2.1.xml");
  ASSERT_EQ(kept.services.size(), 1u);
  EXPECT_EQ(kept.services[0].modules.texts.at(0).content.at(0).text, "Drachenfutter für alle");
  ASSERT_EQ(kept.units.size(), 1u);
  EXPECT_EQ(kept.units[0].name.at(0).text, "Futterstelle");
}

TEST(XzufiReader, ReadsTheConstructedExampleWhereItIs) {
  const std::string path = VERBUND_SOURCE_DIR "/../shared/reference/xzufi/xzufi-2.2-konstruiertes-beispiel.xml";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: the reference folder is not there";
  Kept kept;
  auto read = read_message(path, kept);
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(kept.services.size(), 1u);
  EXPECT_EQ(kept.units.size(), 1u);
  EXPECT_EQ(kept.online_services.size(), 1u);
  EXPECT_EQ(kept.responsibilities.size(), 2u);
  EXPECT_EQ(kept.removed, std::vector<std::string>{"L100002.ZS.800001"});
  EXPECT_TRUE(kept.skips.empty());
  EXPECT_EQ(citizen_title(kept.services.at(0), "de"), "Gewerbe anmelden");
}

TEST(XzufiReader, TellsEveryContentFaultWithLineObjectAndReason) {
  const Kept kept = read_file("content-faults.xml");
  ASSERT_EQ(kept.services.size(), 2u);
  EXPECT_EQ(kept.services[1].id.local, "auch-gut");
  const std::pair<const char*, const char*> rows[] = {
      {"", "kein bekanntes Objekt"},        {"", "mehr als ein Objekt"},
      {"", "fehlt die Kennung"},            {"ohne-redaktion", "schemeAgencyID"},
      {"T100.LB.ohne-titel", "keine Bezeichnung"}, {"T100.LB.zahl", "keine ganze Zahl"},
      {"T100.LB.betrag", "kein Betrag"},    {"T100.LB.datum", "kein Datum"},
      {"T100.LB.sprache", "kein Sprachcode"}, {"leer zeichen", "ungültig"},
      {"T100.SP.s1", "keine Leistung"},     {"T100.ZS.z1", "kein Regionalschlüssel"},
      {"1", "Unbekannte Klasse"}};
  ASSERT_EQ(kept.skips.size(), std::size(rows));
  std::size_t line = 0;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    EXPECT_EQ(kept.skips[i].object, rows[i].first) << i;
    EXPECT_NE(kept.skips[i].reason.find(rows[i].second), std::string::npos) << i << ": " << kept.skips[i].reason;
    EXPECT_GT(kept.skips[i].line, line) << i;
    line = kept.skips[i].line;
  }
}

TEST(XzufiReader, DeletesByClass) {
  const Kept kept = read_file("deletions.xml");
  EXPECT_EQ(kept.removed, (std::vector<std::string>{"T100.LB.4711", "T100.SP.S-unbekannt", "T100.OE.900",
                                                    "T100.OD.unbekannt", "T100.ZS.Z3"}));
  EXPECT_EQ(kept.skips.size(), 1u);
}

TEST(XzufiReader, FindsTheAreaOfAMunicipalityKey) {
  const auto body = [](const std::string& ags) {
    return transfer_xml("9", "<xzufi:zustaendigkeit><xzufi:id schemeAgencyID=\"T1\">z</xzufi:id><xzufi:leistungID>1"
                             "</xzufi:leistungID><xzufi:gebietID schemeID=\"AGS\">" + ags +
                                 "</xzufi:gebietID></xzufi:zustaendigkeit>");
  };
  EXPECT_EQ(read_text(body("01060063")).responsibilities.at(0).areas.at(0).digits(), "010600063063");
  EXPECT_EQ(read_text(body("99999999")).skips.size(), 1u);
}

TEST(XzufiReader, JoinsTextsOfOneLanguage) {
  const Kept kept =
      read_text(service_xml("1", "A</xzufi:inhalt><xzufi:inhalt languageCode=\"de-DE\">&lt;p&gt;B&lt;/p&gt;"));
  ASSERT_EQ(kept.services.size(), 1u);
  const auto& content = kept.services[0].modules.texts.at(0).content;
  ASSERT_EQ(content.size(), 1u);
  EXPECT_NE(content[0].text.find("A"), std::string::npos);
  EXPECT_NE(content[0].text.find("<p>B</p>"), std::string::npos);
}

TEST(XzufiReader, LeavesHolidaysOutOfTheWeek) {
  const auto hours = [](const std::string& day, const std::string& from, const std::string& to) {
    return "<xzufi:infoOeffnungszeitenStrukturiert><xzufi:regulaereZeiten><xzufi:tagesTyp><code>" + day +
           "</code></xzufi:tagesTyp><xzufi:beginn>" + from + "</xzufi:beginn><xzufi:ende>" + to +
           "</xzufi:ende></xzufi:regulaereZeiten></xzufi:infoOeffnungszeitenStrukturiert>";
  };
  EXPECT_TRUE(read_text(unit_xml("1", "A", hours("FEIERTAG", "08:00", "09:00"))).units.at(0).hours.empty());
  EXPECT_EQ(read_text(unit_xml("1", "A", hours("Sonnabend", "08:00", "09:00"))).units.at(0).hours.at(0).weekday, 6);
  EXPECT_EQ(read_text(unit_xml("1", "A", hours("2", "10:00", "09:00"))).skips.size(), 1u);
  EXPECT_EQ(read_text(unit_xml("1", "A", hours("2", "acht", "09:00"))).skips.size(), 1u);
}

}  // namespace
}  // namespace verbund::directory::xzufi
