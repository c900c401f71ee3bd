// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/xzufi_parts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "kits/html/html.h"

namespace verbund::directory::xzufi {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool one_of(std::string_view name, Names names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view each) { return same_name(name, each); });
}

std::string attribute(const Element& element, std::string_view name) {
  return std::string(trim(element.attribute(name)));
}

// What a person recognises a wrong value by: short, one line.
std::string in_quotes(std::string_view value) {
  std::string short_value(cut_utf8(value, 60));
  std::replace(short_value.begin(), short_value.end(), '\n', ' ');
  return "„" + short_value + (short_value.size() < value.size() ? "…“" : "“");
}

void add_text(LocalisedTexts& list, std::string language, std::string text, std::string_view joint) {
  if (text.empty()) return;
  for (auto& there : list) {
    if (there.language != language) continue;
    if (there.text != text) there.text.append(joint).append(text);
    return;
  }
  list.push_back({std::move(language), std::move(text)});
}

LocalisedTexts read_texts(Scope& scope, const Element& parent, Names names, bool html) {
  LocalisedTexts list;
  bool joined = false;
  for (const auto& element : parent.children) {
    if (!one_of(element.name, names)) continue;
    std::string language = language_of(scope, element);
    if (language.empty()) language = "de";
    const auto before = list.size();
    add_text(list, std::move(language), html ? html::sanitise(trim(element.text)) : text_of(element), html ? "" : "\n");
    joined |= list.size() == before;
  }
  if (html && joined) {
    for (auto& each : list) each.text = html::sanitise(each.text);
  }
  return list;
}

}  // namespace

std::string normal_language(std::string_view code) {
  std::string tag = to_lower_ascii(trim(code));
  std::replace(tag.begin(), tag.end(), '_', '-');
  if (tag == "leichte sprache" || tag == "deutsch (leichte sprache)") return "de-simple";
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 24> longer = {{
      {"deu", "de"}, {"ger", "de"}, {"deutsch", "de"}, {"eng", "en"}, {"englisch", "en"}, {"fra", "fr"}, {"fre", "fr"},
      {"pol", "pl"}, {"ukr", "uk"}, {"tur", "tr"}, {"rus", "ru"}, {"ara", "ar"}, {"dan", "da"}, {"nld", "nl"},
      {"dut", "nl"}, {"spa", "es"}, {"ita", "it"}, {"por", "pt"}, {"ron", "ro"}, {"rum", "ro"}, {"bul", "bg"},
      {"ces", "cs"}, {"cze", "cs"}, {"fas", "fa"}}};
  const auto hyphen = tag.find('-');
  std::string language = tag.substr(0, hyphen);
  std::string rest = hyphen == std::string::npos ? "" : tag.substr(hyphen + 1);
  for (const auto& [from, to] : longer) {
    if (language == from) language = to;
  }
  if (hyphen != std::string::npos && rest.empty()) return {};
  if (rest.starts_with("x-")) rest.erase(0, 2);
  if (language == "de" && (rest == "ls" || rest == "simple" || rest == "easy" || rest.starts_with("leicht"))) {
    return "de-simple";
  }
  if ((language == "de" && rest == "de") || (language == "en" && (rest == "gb" || rest == "us"))) rest.clear();
  if (hyphen != std::string::npos && tag.substr(hyphen + 1).starts_with("x-")) rest = tag.substr(hyphen + 1);
  const std::string result = rest.empty() ? language : language + "-" + rest;
  const bool letters_only =
      std::all_of(language.begin(), language.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  const bool sound = letters_only && (language.size() == 2 || language.size() == 3) && result.size() <= 35 &&
                     result.back() != '-' && result.find("--") == std::string::npos &&
                     std::all_of(result.begin(), result.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                     });
  return sound ? result : "";
}

const Element* child(const Element& parent, Names names) {
  for (const auto& element : parent.children) {
    if (one_of(element.name, names)) return &element;
  }
  return nullptr;
}

std::vector<const Element*> children(const Element& parent, Names names) {
  std::vector<const Element*> found;
  for (const auto& element : parent.children) {
    if (one_of(element.name, names)) found.push_back(&element);
  }
  return found;
}

std::string text_of(const Element& element) { return std::string(trim(element.text)); }

std::string child_text(const Element& parent, Names names) {
  const auto* element = child(parent, names);
  return element ? text_of(*element) : "";
}

std::string code_of(const Element& element) {
  const auto* inner = child(element, {"code"});
  return inner ? code_of(*inner) : text_of(element);
}

std::string child_code(const Element& parent, Names names) {
  const auto* element = child(parent, names);
  return element ? code_of(*element) : "";
}

std::vector<std::string> child_codes(const Element& parent, Names names) {
  std::vector<std::string> codes;
  for (const auto& element : parent.children) {
    if (!one_of(element.name, names)) continue;
    if (auto code = code_of(element); !code.empty()) codes.push_back(std::move(code));
  }
  return codes;
}

Code full_code(const Element& element) {
  const auto* inner = child(element, {"code"});
  if (inner && child(*inner, {"code"})) return full_code(*inner);
  return {.list_uri = attribute(element, "listURI"),
          .list_version = attribute(element, "listVersionID"),
          .code = code_of(element),
          .name = child_text(element, {"name"})};
}

std::vector<Code> full_codes(const Element& parent, Names names) {
  std::vector<Code> codes;
  for (const auto& element : parent.children) {
    if (one_of(element.name, names)) codes.push_back(full_code(element));
  }
  return codes;
}

Identifier identifier(const Element& element) {
  if (const auto* inner = child(element, {"id"}); inner && trim(element.text).empty()) return identifier(*inner);
  return {.value = text_of(element),
          .agency = attribute(element, "schemeAgencyID"),
          .agency_name = attribute(element, "schemeAgencyName"),
          .data_uri = attribute(element, "schemeDataURI"),
          .scheme = attribute(element, "schemeID"),
          .scheme_name = attribute(element, "schemeName"),
          .scheme_uri = attribute(element, "schemeURI"),
          .scheme_version = attribute(element, "schemeVersionID")};
}

std::optional<Identifier> child_identifier(const Element& parent, Names names) {
  const auto* element = child(parent, names);
  if (!element) return std::nullopt;
  return identifier(*element);
}

std::vector<Identifier> identifiers(const Element& parent, Names names) {
  std::vector<Identifier> list;
  for (const auto& element : parent.children) {
    if (one_of(element.name, names)) list.push_back(identifier(element));
  }
  return list;
}

ObjectId object_id(Scope& scope, const Element& at) {
  const Identifier found = identifier(at);
  const std::string& agency = found.agency.empty() ? scope.agency : found.agency;
  if (found.value.empty()) {
    scope.fault(at, "Die Kennung in " + at.name + " ist leer.");
    return {};
  }
  if (agency.empty()) {
    scope.fault(at, "Der Kennung " + in_quotes(found.value) + " in " + at.name + " fehlt die Redaktion (schemeAgencyID).");
    return {};
  }
  auto id = make_object_id(agency, found.value);
  if (!id) {
    scope.fault(at, "Die Kennung " + in_quotes(agency + "/" + found.value) + " in " + at.name + " ist ungültig.");
    return {};
  }
  return std::move(*id);
}

ObjectId own_id(Scope& scope, const Element& object) {
  const auto* id = child(object, {"id"});
  if (!id) {
    scope.fault(object, "Dem Objekt fehlt die Kennung (id).");
    return {};
  }
  ObjectId found = object_id(scope, *id);
  if (!found.empty()) scope.agency = found.agency;
  return found;
}

std::optional<ObjectId> child_object_id(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  if (!element) return std::nullopt;
  return object_id(scope, *element);
}

std::string language_of(Scope& scope, const Element& element) {
  std::string code = attribute(element, "languageCode");
  if (code.empty()) code = attribute(element, "lang");
  if (code.empty()) code = child_code(element, {"languageCode"});
  if (code.empty()) return {};
  auto language = normal_language(code);
  if (language.empty()) scope.fault(element, in_quotes(code) + " in " + element.name + " ist kein Sprachcode.");
  return language;
}

LocalisedTexts texts(Scope& scope, const Element& parent, Names names) {
  return read_texts(scope, parent, names, false);
}

LocalisedTexts html_texts(Scope& scope, const Element& parent, Names names) {
  return read_texts(scope, parent, names, true);
}

std::optional<std::int64_t> number(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  if (!element) return std::nullopt;
  const std::string text = text_of(*element);
  if (text.empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    scope.fault(*element, in_quotes(text) + " in " + element->name + " ist keine ganze Zahl.");
    return std::nullopt;
  }
  return value;
}

std::optional<bool> flag(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  if (!element) return std::nullopt;
  const std::string text = code_of(*element);
  if (text.empty()) return std::nullopt;
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  scope.fault(*element, in_quotes(text) + " in " + element->name + " ist weder true noch false.");
  return std::nullopt;
}

std::string moment(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  if (!element) return {};
  std::string text = text_of(*element);
  if (!text.empty() && !parse_time(text)) {
    scope.fault(*element, in_quotes(text) + " in " + element->name + " ist kein Zeitpunkt (JJJJ-MM-TTThh:mm:ssZ).");
  }
  return text;
}

std::string day(Scope& scope, const Element& parent, Names names) {
  const auto* element = child(parent, names);
  return element ? day_of(scope, *element) : "";
}

std::string day_of(Scope& scope, const Element& element) {
  const std::string text = text_of(element);
  if (text.empty()) return {};
  // xs:date may carry a time zone ("2024-06-10+02:00") and a source may give an xs:dateTime: the day is what counts.
  const std::string date = text.substr(0, 10);
  const bool zone_only =
      text.size() > 10 && (text[10] == '+' || text[10] == '-' || text[10] == 'Z') && text.size() <= 16;
  if (!parse_time(date) || !(text.size() == 10 || zone_only || parse_time(text))) {
    scope.fault(element, in_quotes(text) + " in " + element.name + " ist kein Datum (JJJJ-MM-TT).");
    return {};
  }
  return date;
}

std::vector<Period> periods(Scope& scope, const Element& parent, Names names) {
  std::vector<Period> list;
  for (const auto* element : children(parent, names)) {
    list.push_back({moment(scope, *element, {"beginn"}), moment(scope, *element, {"ende"}),
                    texts(scope, *element, {"zusatz"})});
  }
  return list;
}

std::vector<Link> links(Scope& scope, const Element& parent, Names names) {
  std::vector<Link> list;
  for (const auto* element : children(parent, names)) {
    Link link;
    link.language = language_of(scope, *element);
    link.uri = child_text(*element, {"uri", "url", "link"});
    if (link.uri.empty()) link.uri = text_of(*element);
    link.title = child_text(*element, {"titel"});
    link.description = child_text(*element, {"beschreibung"});
    link.position = number(scope, *element, {"positionDarstellung"});
    list.push_back(std::move(link));
  }
  return list;
}

VersionInfo version_info(Scope& scope, const Element& at) {
  return {moment(scope, at, {"erstelltDatumZeit"}), child_text(at, {"erstelltDurch"}),
          moment(scope, at, {"geaendertDatumZeit"}), child_text(at, {"geaendertDurch"}), child_text(at, {"version"})};
}

VersionInfo child_version_info(Scope& scope, const Element& parent) {
  const auto* element = child(parent, {"versionsinformationen", "versionsinformation"});
  return element ? version_info(scope, *element) : VersionInfo{};
}

std::vector<LanguageVersion> language_versions(Scope& scope, const Element& parent) {
  std::vector<LanguageVersion> list;
  for (const auto* element : children(parent, {"sprachversion"})) {
    LanguageVersion version;
    version.language = language_of(scope, *element);
    version.name_german = child_text(*element, {"sprachbezeichnungDeutsch"});
    version.name_native = child_text(*element, {"sprachbezeichnungNativ"});
    const auto* info = child(*element, {"versionsinformationen", "versionsinformation"});
    version.version = version_info(scope, info ? *info : *element);
    if (const auto* machine = child(*element, {"maschinelleUebersetzung"})) {
      version.translated_from = child_code(*machine, {"originalSprache"});
      version.translated_from_id = child_text(*machine, {"originalID"});
      version.translated_by = child_text(*machine, {"uebersetztDurch"});
    }
    list.push_back(std::move(version));
  }
  return list;
}

std::vector<AreaKey> areas(Scope& scope, const Element& parent, Names names) {
  std::vector<AreaKey> list;
  for (const auto* element : children(parent, names)) {
    const Identifier found = identifier(*element);
    const std::string scheme = to_lower_ascii(found.scheme + " " + found.scheme_uri + " " + found.scheme_name);
    const bool is_ags = found.value.size() == 8 && (scheme.find("ags") != std::string::npos ||
                                                    scheme.find("gemeindeschl") != std::string::npos);
    if (is_ags) {
      // An AGS lacks the four digits of the association: only the directory of areas knows them.
      if (auto area = scope.area_of_ags(found.value)) {
        list.push_back(std::move(*area));
      } else {
        scope.fault(*element, "Zum Gemeindeschlüssel " + in_quotes(found.value) + " ist kein Gebiet bekannt.");
      }
      continue;
    }
    auto area = AreaKey::parse(found.value);
    if (!area || found.value.empty()) {
      scope.fault(*element,
                  in_quotes(found.value) + " in " + element->name + " ist kein Regionalschlüssel (2 bis 12 Ziffern).");
      continue;
    }
    list.push_back(std::move(*area));
  }
  return list;
}

std::string_view type_of(const Element& element) {
  std::string_view type = trim(element.attribute("type"));
  const auto colon = type.rfind(':');
  return colon == std::string_view::npos ? type : type.substr(colon + 1);
}

}  // namespace verbund::directory::xzufi
