// SPDX-License-Identifier: EUPL-1.2
#include <stdexcept>

#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "faces/portal/testing/fixture.h"

namespace verbund::portal::testing {
namespace {

using namespace directory;

const std::string agency = "T100001";

AreaKey key(std::string_view digits) { return AreaKey::parse(digits).value(); }
LocalisedTexts de(std::string text) { return {{"de", std::move(text)}}; }
LocalisedTexts all(std::string german, std::string english, std::string simple) {
  return {{"de", std::move(german)}, {"en", std::move(english)}, {"de-simple", std::move(simple)}};
}

Area area(std::string_view digits, std::string name, std::string short_name, AreaLevel level, std::string slug,
          std::int64_t population = 0) {
  Area out;
  out.key = key(digits);
  out.name = std::move(name);
  out.short_name = std::move(short_name);
  out.level = level;
  out.top_level = level;
  out.slug = std::move(slug);
  out.population = population;
  return out;
}

TextModule module(std::string_view code, LocalisedTexts content) {
  TextModule out;
  out.code = code;
  out.content = std::move(content);
  return out;
}

Service service(std::string id, LocalisedTexts title) {
  Service out;
  out.id = {agency, std::move(id)};
  out.modules.texts.push_back(module(text_code::citizen_title, std::move(title)));
  out.publisher = Publisher{};
  out.publisher->name = "Stadt Norderstedt";
  out.version.changed_at = "2026-05-04T09:30:00+02:00";
  return out;
}

Category life_event(std::string id, std::string name) {
  Category out;
  out.id.value = std::move(id);
  out.name = de(std::move(name));
  out.class_name = de("Lebenslage");
  return out;
}

Document document(LocalisedTexts title, LocalisedTexts text = {}) {
  Document out;
  out.kind = "999";
  out.title = std::move(title);
  out.description = std::move(text);
  return out;
}

Service identity_card() {
  Service out =
      service("1", all("Personalausweis beantragen", "Apply for an identity card", "Personalausweis beantragen"));
  auto& texts = out.modules.texts;
  texts.push_back(
      module(text_code::short_text,
             all("<p>Alle ab 16 Jahren brauchen einen gültigen Ausweis. Beantragen Sie ihn bei Ihrem Bürgeramt.</p>",
                 "<p>Everybody over 16 needs a valid identity card. Apply at your citizens' office.</p>",
                 "<p>Sie sind 16 Jahre alt oder älter? Dann brauchen Sie einen Ausweis.</p>")));
  texts.push_back(
      module(text_code::full_text, de("<h2>Wozu?</h2><p>Mit dem Ausweis zeigen Sie, wer Sie sind.</p><ul><li>auf "
                                      "Reisen in der EU</li><li>online mit PIN</li></ul>")));
  texts.push_back(
      module(text_code::requirements, all("<p>Sie sind Deutsche oder Deutscher.</p>", "<p>You are German.</p>",
                                          "<p>Sie sind Deutsche oder Deutscher.</p>")));
  texts.push_back(
      module(text_code::procedure, de("<ol><li>Termin buchen</li><li>Mit Foto und altem Ausweis kommen</li><li>"
                                      "Nach drei Wochen abholen</li></ol>")));
  texts.push_back(module(text_code::competent_body, de("<p>Zuständig ist die Ausweisbehörde am Wohnort.</p>")));
  texts.push_back(module(text_code::legal_basis, de("<p>§ 1, § 9 Personalausweisgesetz</p>")));
  texts.back().links.push_back({"de", "https://gesetze.example/pauswg", "Personalausweisgesetz", "", {}});
  Code leika;
  leika.code = "99008001000000";
  out.service_keys.push_back(leika);
  FeeModule fees;
  Fee adult, young;
  adult.choice = Fee::Choice::fixed;
  adult.fixed = Amount{"46.00", "EUR"};
  adult.description = de("ab 24 Jahren");
  young.choice = Fee::Choice::fixed;
  young.fixed = Amount{"27.60", "EUR"};
  young.description = de("unter 24 Jahren");
  fees.fees = {adult, young};
  out.modules.fees.push_back(fees);
  DeadlineModule times;
  Deadline weeks;
  weeks.span.amount = 2;
  weeks.span.amount_to = 3;
  weeks.span.unit = "WOCHE";
  times.deadlines.push_back(weeks);
  out.modules.processing_times.push_back(times);
  DocumentModule documents;
  documents.incoming = {document(all("Altes Ausweisdokument", "Old identity document", "Ihr alter Ausweis")),
                        document(all("Digitales Lichtbild", "Digital photo", "Ein Foto vom Computer"),
                                 de("<p>Als Code vom Fotostudio oder am Gerät im Bürgeramt.</p>"))};
  out.modules.documents.push_back(documents);
  SearchTermModule terms;
  terms.terms = {{"de", "Perso", "001"}, {"de", "Perso verloren", "001"}, {"de", "Ausweis", "001"}};
  out.modules.search_terms.push_back(terms);
  out.categories = {life_event("umzug", "Umzug und Wohnen"), life_event("dokumente", "Ausweise und Dokumente")};
  out.in_person = true;
  out.valid_areas = {key("010600063063")};
  return out;
}

Service conduct_certificate() {
  Service out = service("2", de("Führungszeugnis beantragen"));
  out.modules.texts.push_back(
      module(text_code::short_text, de("Ein Auszug aus dem Bundeszentralregister, oft für den neuen Beruf.")));
  Code leika;
  leika.code = "99049001000000";
  out.service_keys.push_back(leika);
  FeeModule fees;
  Fee fee;
  fee.choice = Fee::Choice::fixed;
  fee.fixed = Amount{"13.00", "EUR"};
  fee.in_advance = true;
  fees.fees.push_back(fee);
  out.modules.fees.push_back(fees);
  out.publisher->name = "Bund";
  out.categories = {life_event("dokumente", "Ausweise und Dokumente"), life_event("beruf", "Arbeit und Beruf")};
  return out;
}

// What must never reach a browser as anything but text.
Service hostile() {
  Service out = service("3", de("<script>alert('titel')</script>Böse & gut"));
  out.modules.texts.push_back(
      module(text_code::short_text, de("<p onclick=\"alert(1)\">Kurz<script>alert(2)</script></p>")));
  out.modules.texts.push_back(module(text_code::notes, de("<a href=\"javascript:alert(3)\">Klick</a><h1>Groß</h1>")));
  out.modules.texts.back().links.push_back({"de", "javascript:alert(4)", "Link", "", {}});
  out.publisher->name = "\"><script>alert(5)</script>";
  out.valid_areas = {key("010600063063")};
  return out;
}

OrganisationalUnit citizens_office() {
  OrganisationalUnit out;
  out.id = {agency, "10"};
  out.parent = ObjectId{agency, "11"};
  out.name = de("Bürgeramt Norderstedt");
  out.kind = "Bürgeramt";
  Address address;
  address.kind = "002";
  address.street = "Rathausallee";
  address.house_number = "50";
  address.postal_code = "22846";
  address.city = "Norderstedt";
  address.area = "010600063063";
  address.latitude = 53.7066;
  address.longitude = 9.9934;
  address.wheelchair_access = true;
  address.public_transport = de("U1 Norderstedt Mitte, 3 Minuten zu Fuß");
  out.addresses.push_back(address);
  out.contacts = {{"phone", "+49 40 53595-0", {}}, {"email", "buergeramt@norderstedt.example", {}},
                  {"web", "https://www.norderstedt.example/buergeramt", {}}};
  out.hours = {{1, "08:00", "12:00", "", {}}, {1, "14:00", "16:00", "", {}}, {2, "07:30", "13:00", "", {}},
               {4, "08:00", "18:00", "appointment", {}}, {5, "08:00", "12:00", "", {}}};
  out.payment_methods = {"cash", "girocard", "machine"};
  return out;
}

OrganisationalUnit simple_unit(std::string id, std::string name) {
  OrganisationalUnit out;
  out.id = {agency, std::move(id)};
  out.name = de(std::move(name));
  return out;
}

Responsibility responsible(std::string id, ObjectKind kind, std::string holder, std::string service_id,
                           std::string_view area_key) {
  Responsibility out;
  out.id = {agency, std::move(id)};
  out.holder_kind = kind;
  out.holder = {agency, std::move(holder)};
  out.service = {agency, std::move(service_id)};
  if (!area_key.empty()) out.areas = {key(area_key)};
  out.role = "01";
  return out;
}

OnlineService online(std::string id, LocalisedTexts title, std::string uri, std::string purpose, std::string level) {
  OnlineService out;
  out.id = {agency, std::move(id)};
  out.title = std::move(title);
  out.links.push_back({"", "de", std::move(uri), ""});
  out.purpose = std::move(purpose);
  out.assurance_level = std::move(level);
  return out;
}

void fill_areas(store::Connection& connection) {
  AreaStore areas(connection);
  const std::vector<Area> list = {
      area("", "Deutschland", "Deutschland", AreaLevel::federation, "deutschland"),
      area("01", "Schleswig-Holstein", "Schleswig-Holstein", AreaLevel::state, "schleswig-holstein"),
      area("01055", "Ostholstein", "Kreis Ostholstein", AreaLevel::district, "kreis-ostholstein"),
      area("01058", "Rendsburg-Eckernförde", "Kreis Rendsburg-Eckernförde", AreaLevel::district,
           "kreis-rendsburg-eckernfoerde"),
      area("01060", "Segeberg", "Kreis Segeberg", AreaLevel::district, "kreis-segeberg"),
      area("010600063063", "Norderstedt, Stadt", "Norderstedt", AreaLevel::municipality, "norderstedt", 81880),
      area("010550032032", "Neustadt in Holstein, Stadt", "Neustadt", AreaLevel::municipality, "neustadt-in-holstein",
           14800),
      area("010585864022", "Bordesholm", "Bordesholm", AreaLevel::municipality, "bordesholm", 7700),
      area("010585864107", "Mühbrook", "Mühbrook", AreaLevel::municipality, "muehbrook", 500),
      area("09", "Bayern", "Bayern", AreaLevel::state, "bayern"),
      area("095740146146", "Neustadt an der Pegnitz, Stadt", "Neustadt", AreaLevel::municipality,
           "neustadt-an-der-pegnitz", 12000),
  };
  if (auto done = areas.replace_all(list, "2023-11-30"); !done) throw std::runtime_error(done.error().text());
  std::vector<PostalCodeEntry> unknown;
  auto done = areas.replace_postal_codes({{"22844", key("010600063063"), "Norderstedt"},
                                          {"22846", key("010600063063"), "Norderstedt"},
                                          {"23730", key("010550032032"), "Neustadt in Holstein"},
                                          {"24582", key("010585864022"), "Bordesholm"},
                                          {"24582", key("010585864107"), "Mühbrook"}}, &unknown);
  if (!done || !unknown.empty()) throw std::runtime_error("postal codes of the fixture");
}

}  // namespace

void fill(store::Database& database, Instant now) {
  auto done = database.write([&](store::Connection& connection) -> Result<void> {
    fill_areas(connection);
    ObjectStore objects(connection);
    const auto put = [&](const auto& object) { objects.put(object, "fixture", now); };
    put(simple_unit("11", "Stadt Norderstedt"));
    put(citizens_office());
    put(simple_unit("12", "Bundesamt für Justiz"));
    put(identity_card());
    put(conduct_certificate());
    put(hostile());
    put(online("20", all("Termin im Bürgeramt", "Appointment at the citizens' office", "Termin im Bürgeramt"),
               "https://termine.norderstedt.example/ausweis?a=1&b=2", "appointment", ""));
    put(online("21", de("Führungszeugnis online"), "https://www.fuehrungszeugnis.example/", "apply", "40"));
    put(online("22", de("Falle"), "javascript:alert(6)", "apply", "20"));
    put(responsible("30", ObjectKind::unit, "10", "1", "010600063063"));
    put(responsible("31", ObjectKind::online_service, "20", "1", "010600063063"));
    put(responsible("32", ObjectKind::unit, "12", "2", ""));
    put(responsible("33", ObjectKind::online_service, "21", "2", ""));
    put(responsible("34", ObjectKind::online_service, "22", "3", "010600063063"));
    // A district that offers much: its list goes by letters.
    for (int i = 0; i < 90; ++i) {
      const std::string number = std::to_string(100 + i);
      Service many =
          service(number, de(std::string(1, static_cast<char>('A' + i % 20)) + "mtliche Bescheinigung " + number));
      many.valid_areas = {key("01055")};
      put(many);
      put(responsible("2" + number, ObjectKind::unit, "13", number, "01055"));
    }
    put(simple_unit("13", "Kreis Ostholstein, Ordnungsamt"));
    return {};
  });
  if (!done) throw std::runtime_error(done.error().text());
}

}  // namespace verbund::portal::testing
