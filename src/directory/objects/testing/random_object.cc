// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/testing/random_object.h"

#include "directory/objects/testing/random_parts.h"

namespace verbund::directory::testing {
namespace {

TextModule text_module(Random& random, std::string_view code) {
  TextModule out;
  out.head = random_head(random);
  out.code = code;
  if (code.empty()) {
    out.individual_kind = random_code(random);
  } else if (chance(random, 4)) {
    out.title_override = random_texts(random);
  }
  out.content = random_htmls(random);
  out.links = some(random, random_link);
  return out;
}

TimeSpan time_span(Random& random) {
  TimeSpan out;
  if (chance(random, 3)) {
    const bool every_year = chance(random, 2);
    out.from = every_year ? "--01-01" : random_day(random);
    if (chance(random, 2)) out.until = every_year ? "--12-31" : "2056-12-31";
    return out;
  }
  out.amount = static_cast<std::int64_t>(below(random, 50));
  out.unit = one_of(random, {"JAHR", "MONAT", "WOCHE", "TAG", "WERKTAG", "ARBEITSTAG", "STUNDE", "MINUTE", "SEKUNDE"});
  if (chance(random, 2)) {
    out.amount_to = 50 + static_cast<std::int64_t>(below(random, 50));
    out.unit_to = out.unit;
  }
  return out;
}

Deadline processing_time(Random& random) {
  Deadline out;
  out.span = time_span(random);
  out.description = random_htmls(random);
  out.position = maybe_position(random);
  out.validity = some(random, random_period);
  return out;
}

Deadline deadline(Random& random) {
  Deadline out = processing_time(random);
  out.kind = one_of(random, {"001", "002", "003", "005", "006", "009"});
  return out;
}

DeadlineModule deadline_module(Random& random, Deadline (*make)(Random&)) {
  DeadlineModule out;
  out.head = random_head(random);
  out.deadlines = some(random, make);
  out.description = random_htmls(random);
  out.links = some(random, random_link);
  return out;
}

Amount amount(Random& random) {
  return {std::to_string(below(random, 500)) + "." + random_digits(random, 2), chance(random, 5) ? "CHF" : "EUR"};
}

Fee fee(Random& random) {
  Fee out;
  out.kind = one_of(random, {"001", "002", "010", "018"});
  out.choice = std::vector{Fee::Choice::unknown, Fee::Choice::fixed, Fee::Choice::variable,
                           Fee::Choice::free}[below(random, 4)];
  if (out.choice == Fee::Choice::fixed) out.fixed = amount(random);
  if (out.choice == Fee::Choice::variable) {
    out.least = amount(random);
    if (chance(random, 2)) out.most = amount(random);
  }
  if (out.choice == Fee::Choice::variable || out.choice == Fee::Choice::free) out.reason = random_texts(random);
  out.description = random_htmls(random);
  out.in_advance = maybe_flag(random);
  out.tariff_links = some(random, random_link);
  out.position = maybe_position(random);
  out.validity = some(random, random_period);
  return out;
}

FeeModule fee_module(Random& random) {
  return {random_head(random), some(random, fee), random_htmls(random), some(random, random_link)};
}

Document document(Random& random) {
  Document out;
  out.kind = one_of(random, {"001", "015", "028", "999"});
  if (out.kind == "999") out.kind_unlisted = random_text(random);
  out.title = random_title(random);
  out.description = random_htmls(random);
  out.forms = some(random, random_identifier);
  out.signature = one_of(random, {"", "001", "004", "101", "104"});
  out.obligation = one_of(random, {"", "01", "02"});
  out.obligation_reasons = some(random, random_code);
  out.is_trigger = maybe_flag(random);
  return out;
}

DocumentModule document_module(Random& random) {
  DocumentModule out;
  out.head = random_head(random);
  out.incoming = some(random, document);
  out.outgoing = some(random, document);
  out.description_incoming = random_htmls(random);
  out.description_outgoing = random_htmls(random);
  out.links = some(random, random_link);
  return out;
}

SearchTerm search_term(Random& random) {
  return {random_language(random), random_text(random), one_of(random, {"001", "002", "003", "999"})};
}

SourcePortalModule source_portal(Random& random) {
  SourcePortalModule out;
  out.head = random_head(random);
  out.language = random_language(random);
  out.uri = random_uri(random);
  out.title = maybe_text(random);
  out.parameters = some(random, [](Random& r) {
    return UrlParameter{"00" + random_digits(r, 1), "p" + random_digits(r, 2)};
  });
  return out;
}

Modules modules(Random& random) {
  Modules out;
  for (const char* code : {"02", "03", "05", "06", "07", "08", "09", "11", "16", "22", ""})
    if (chance(random, 3)) out.texts.push_back(text_module(random, code));
  out.deadlines = some(random, [](Random& r) { return deadline_module(r, deadline); });
  out.processing_times = some(random, [](Random& r) { return deadline_module(r, processing_time); });
  out.fees = some(random, fee_module);
  out.search_terms = some(random, [](Random& r) {
    return SearchTermModule{random_head(r), {search_term(r), search_term(r)}};
  });
  out.approvals = some(random, [](Random& r) {
    return ApprovalModule{random_head(r), random_day(r), random_texts(r)};
  });
  out.advice = some(random, [](Random& r) {
    return AdviceModule{random_head(r), random_htmls(r), some(r, random_link)};
  });
  out.documents = some(random, document_module);
  out.source_portals = some(random, source_portal);
  return out;
}

Structure structure(Random& random) {
  Structure out;
  const std::size_t depth = below(random, 4);
  if (depth == 0) return out;
  out.kind = std::vector<std::string>{"object", "object_with_act", "object_with_act_and_detail"}[depth - 1];
  out.group = random_identifier(random);
  if (depth > 1) {
    out.object_id = random_identifier(random);
    out.act = random_code(random);
  }
  if (depth > 2) out.detail = random_title(random);
  return out;
}

Category category(Random& random) {
  Category out;
  out.id = random_identifier(random);
  out.secondary_ids = some(random, random_identifier);
  out.parent = maybe(random, random_identifier);
  out.children = some(random, random_identifier);
  out.name = random_title(random);
  out.description = random_texts(random);
  out.class_id = random_identifier(random);
  out.class_kind = one_of(random, {"", "001", "004"});
  out.class_name = chance(random, 2) ? LocalisedTexts{{"de", "Lebenslage"}} : random_texts(random);
  return out;
}

Publisher publisher(Random& random) {
  return {random_identifier(random), some(random, random_identifier), random_text(random), maybe_text(random),
          random_texts(random)};
}

std::string payment_method(Random& random) {
  return one_of(random, {"cash", "girocard", "credit_card", "machine", "online"});
}

}  // namespace

Service random_service(Random& random) {
  Service out;
  out.id = random_id(random);
  out.secondary_ids = some(random, random_identifier);
  out.structure = structure(random);
  out.service_keys = some(random, [](Random& r) {
    return Code{"urn:de:fim:leika:leistung", "20240101", "99" + random_digits(r, 12), maybe_text(r)};
  });
  out.modules = modules(random);
  out.typing = some(random, random_code);
  out.assurance_level = one_of(random, {"", "00", "10", "15", "20", "30", "40"});
  if (chance(random, 2)) out.audience = {"001", "002"};
  out.written_form = maybe_flag(random);
  out.in_person = maybe_flag(random);
  out.informal = maybe_flag(random);
  out.categories = some(random, category);
  out.classifications = some(random, random_code);
  out.sdg = some(random, [](Random& r) { return random_digits(r, 7); });
  out.sdg2 = some(random, [](Random& r) { return random_digits(r, 4); });
  out.related_services = some(random, random_identifier);
  out.processes = some(random, random_identifier);
  out.publisher = maybe(random, publisher);
  out.valid_areas = some(random, random_area_key);
  if (chance(random, 3)) out.single_contact = {"00", "11"};
  out.industries = some(random, random_code);
  out.legal_forms = some(random, random_code);
  out.nationalities = some(random, random_code);
  out.catalogue_status = one_of(random, {"", "1", "5", "8"});
  out.library_status = one_of(random, {"", "1", "6", "8"});
  out.detail_level = one_of(random, {"", "101", "105"});
  if (chance(random, 3)) out.reference_place_kinds = {"001", "005"};
  out.version = random_version(random);
  out.languages = random_languages(random);
  out.validity = some(random, random_period);
  return out;
}

Specialisation random_specialisation(Random& random) {
  Specialisation out;
  out.id = random_id(random);
  out.secondary_ids = some(random, random_identifier);
  out.service = random_id(random);
  out.areas.push_back(random_area_key(random));
  if (chance(random, 2)) out.areas.push_back(random_area_key(random));
  out.modules = modules(random);
  out.version = random_version(random);
  out.languages = random_languages(random);
  out.validity = some(random, random_period);
  return out;
}

OrganisationalUnit random_unit(Random& random) {
  OrganisationalUnit out;
  out.id = random_id(random);
  out.secondary_ids = some(random, random_identifier);
  out.parent = maybe(random, random_id);
  out.name = random_title(random);
  out.short_name = random_texts(random);
  out.other_names = some(random, random_text);
  out.description = random_htmls(random);
  out.kind = maybe_text(random);
  out.categories = some(random, random_code);
  out.addresses = some(random, random_address);
  out.contacts = some(random, random_contact);
  out.hours = some(random, random_hours);
  out.hours_text = random_htmls(random);
  out.notes = random_htmls(random);
  out.links = some(random, random_link);
  out.payment_methods = some(random, payment_method);
  out.version = random_version(random);
  out.languages = random_languages(random);
  out.validity = some(random, random_period);
  return out;
}

OnlineService random_online_service(Random& random) {
  OnlineService out;
  out.id = random_id(random);
  out.secondary_ids = some(random, random_identifier);
  out.purpose = one_of(random, {"apply", "appointment"});
  out.title = random_title(random);
  out.description = random_htmls(random);
  out.links = some(random, [](Random& r) {
    return OnlineServiceLink{one_of(r, {"", "01", "02"}), chance(r, 2) ? random_language(r) : "", random_uri(r),
                             maybe_text(r)};
  });
  out.assurance_level = one_of(random, {"", "00", "10", "15", "20", "30", "40"});
  out.payment_methods = some(random, payment_method);
  out.parameters = some(random, [](Random& r) {
    return OnlineServiceParameter{"p" + random_digits(r, 3), random_text(r)};
  });
  out.unit = maybe(random, random_id);
  out.version = random_version(random);
  out.languages = random_languages(random);
  out.validity = some(random, random_period);
  return out;
}

Responsibility random_responsibility(Random& random) {
  Responsibility out;
  out.id = random_id(random);
  out.secondary_ids = some(random, random_identifier);
  out.holder_kind = chance(random, 3) ? ObjectKind::online_service : ObjectKind::unit;
  out.holder = random_id(random);
  out.service = random_id(random);
  out.areas = some(random, random_area_key);
  out.role = one_of(random, {"01", "02", "03"});
  out.validity = some(random, random_period);
  out.note = random_texts(random);
  return out;
}

Area random_area(Random& random) {
  Area out;
  out.key = AreaKey::parse("01" + random_digits(random, 9) + "7").value();
  out.name = random_text(random) + ", Stadt";
  out.short_name = out.name.substr(0, out.name.size() - 7);
  if (chance(random, 4)) out.top_level = AreaLevel::district;
  if (chance(random, 2)) out.kind_code = "63";
  out.population = static_cast<std::int64_t>(below(random, 100'000));
  out.hectares = static_cast<std::int64_t>(below(random, 20'000));
  out.seat = maybe_text(random);
  if (chance(random, 2)) out.seat_postal_code = random_digits(random, 5);
  if (chance(random, 2)) out.valid_from = random_day(random);
  if (chance(random, 4)) {
    out.valid_until = "2055-01-01";
    out.successor = random_area_key(random);
  }
  out.slug = "ort-" + random_digits(random, 12);
  return out;
}

PostalCodeEntry random_postal_code(Random& random) {
  return {random_digits(random, 5), AreaKey::parse("01" + random_digits(random, 9) + "7").value(), random_text(random)};
}

}  // namespace verbund::directory::testing
