// SPDX-License-Identifier: EUPL-1.2
#include "faces/pvog/modules.h"

#include <algorithm>
#include <array>
#include <utility>

#include "kits/html/html.h"

namespace verbund::pvog {
namespace {

using directory::DeadlineModule;
using directory::LocalisedTexts;

namespace code = directory::text_code;

// In the order in which people read them.
constexpr std::array<std::pair<std::string_view, const char*>, 15> titles = {
    {{code::teaser, "Teaser"},
     {code::short_text, "Kurztext"},
     {code::full_text, "Volltext"},
     {code::requirements, "Voraussetzungen"},
     {code::documents, "Erforderliche Unterlagen"},
     {code::procedure, "Verfahrensablauf"},
     {code::forms, "Formulare"},
     {code::notes, "Hinweise"},
     {code::legal_basis, "Rechtsgrundlagen"},
     {code::appeal, "Rechtsbehelf"},
     {code::further_information, "Weiterführende Informationen"},
     {code::competent_body, "Zuständige Stelle"},
     {code::contact_point, "Ansprechpunkt"},
     {code::author, "Urheber"},
     {"", "Weitere Angaben"}}};

std::string text_in(const LocalisedTexts& texts, std::string_view language) {
  return html::sanitise(directory::pick(texts, language));
}

std::string plain_in(const LocalisedTexts& texts, std::string_view language) {
  return html::to_plain_text(directory::pick(texts, language));
}

Json entry(std::string_view code, std::string_view title, std::string text, Json::Array links,
           Json::Array details = {}) {
  return Json::object({{"code", code},
                       {"title", title},
                       {"text", std::move(text)},
                       {"placeholder", false},
                       {"links", std::move(links)},
                       {"details", std::move(details)}});
}

std::string money(const directory::Amount& amount) {
  std::string value = amount.value;
  std::replace(value.begin(), value.end(), '.', ',');
  return value + " " + (amount.currency.empty() ? "EUR" : amount.currency);
}

std::string unit_word(std::string_view unit, std::int64_t amount) {
  struct Word {
    std::string_view unit;
    const char *one, *many;
  };
  static constexpr std::array<Word, 9> words = {{{"JAHR", "Jahr", "Jahre"},
                                                 {"MONAT", "Monat", "Monate"},
                                                 {"WOCHE", "Woche", "Wochen"},
                                                 {"TAG", "Tag", "Tage"},
                                                 {"WERKTAG", "Werktag", "Werktage"},
                                                 {"ARBEITSTAG", "Arbeitstag", "Arbeitstage"},
                                                 {"STUNDE", "Stunde", "Stunden"},
                                                 {"MINUTE", "Minute", "Minuten"},
                                                 {"SEKUNDE", "Sekunde", "Sekunden"}}};
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.unit == unit; });
  return found == words.end() ? std::string(unit) : amount == 1 ? found->one : found->many;
}

// "2026-12-31" -> "31.12.2026", "--12-31" -> "31.12."
std::string day_text(std::string_view day) {
  if (day.size() >= 10 && day[4] == '-') {
    return std::string(day.substr(8, 2)) + "." + std::string(day.substr(5, 2)) + "." + std::string(day.substr(0, 4));
  }
  if (day.size() >= 7 && day.starts_with("--"))
    return std::string(day.substr(5, 2)) + "." + std::string(day.substr(2, 2)) + ".";
  return std::string(day);
}

void append(std::string& all, const std::string& more) {
  if (!more.empty()) all += more;
}

void add_spans(Json::Array& out, std::string_view code, const char* title, const std::vector<DeadlineModule>& modules,
               std::string_view language) {
  std::string text;
  Json::Array links, details;
  for (const auto& module : modules) {
    append(text, text_in(module.description, language));
    for (Json& link : links_of(module.links, language)) links.push_back(std::move(link));
    for (const auto& each : module.deadlines) {
      const std::string words = span_text(each.span), said = plain_in(each.description, language);
      if (words.empty() && said.empty()) continue;
      details.push_back(
          Json::object({{"title", words.empty() ? title : said}, {"text", words.empty() ? said : words}}));
    }
  }
  if (!text.empty() || !details.empty() || !links.empty()) {
    out.push_back(entry(code, title, std::move(text), std::move(links), std::move(details)));
  }
}

void add_fees(Json::Array& out, const directory::Service& service, std::string_view language) {
  std::string text;
  Json::Array links, details;
  for (const auto& module : service.modules.fees) {
    append(text, text_in(module.description, language));
    for (Json& link : links_of(module.links, language)) links.push_back(std::move(link));
    for (const auto& fee : module.fees) {
      const std::string amount = fee_text(fee), reason = plain_in(fee.reason, language);
      std::string said = plain_in(fee.description, language);
      if (said.empty()) said = reason;
      if (amount.empty() && said.empty()) continue;
      details.push_back(
          Json::object({{"title", said.empty() ? "Gebühr" : said}, {"text", amount.empty() ? said : amount}}));
    }
  }
  if (!text.empty() || !details.empty() || !links.empty()) {
    out.push_back(entry("98", "Kosten", std::move(text), std::move(links), std::move(details)));
  }
}

// Documents stand in the module of their text, as a list after it.
std::string document_list(const directory::Service& service, std::string_view language) {
  std::string out, list;
  for (const auto& module : service.modules.documents) {
    append(out, text_in(module.description_incoming, language));
    for (const auto& document : module.incoming) {
      const std::string_view title = directory::pick(document.title, language);
      if (!title.empty()) list += "<li>" + html::escape(title) + "</li>";
    }
  }
  return list.empty() ? out : out + "<ul>" + list + "</ul>";
}

}  // namespace

bool is_web(std::string_view uri) { return uri.starts_with("https://") || uri.starts_with("http://"); }

std::string fee_text(const directory::Fee& fee) {
  using Choice = directory::Fee::Choice;
  if (fee.choice == Choice::free) return "gebührenfrei";
  if (fee.fixed) return money(*fee.fixed);
  if (fee.least && fee.most) return "von " + money(*fee.least) + " bis " + money(*fee.most);
  if (fee.least) return "ab " + money(*fee.least);
  if (fee.most) return "bis " + money(*fee.most);
  return {};
}

std::string span_text(const directory::TimeSpan& span) {
  if (span.amount) {
    const std::string_view unit_to = span.unit_to.empty() ? std::string_view(span.unit) : span.unit_to;
    std::string out = std::to_string(*span.amount);
    if (!span.amount_to || *span.amount_to == *span.amount) return out + " " + unit_word(span.unit, *span.amount);
    if (unit_to != span.unit) out += " " + unit_word(span.unit, *span.amount);
    return out + " bis " + std::to_string(*span.amount_to) + " " + unit_word(unit_to, *span.amount_to);
  }
  if (!span.from.empty() && !span.until.empty()) return day_text(span.from) + " bis " + day_text(span.until);
  if (!span.until.empty()) return "bis " + day_text(span.until);
  return span.from.empty() ? std::string() : "ab " + day_text(span.from);
}

Json::Array links_of(const std::vector<directory::Link>& links, std::string_view language) {
  Json::Array out;
  for (const auto& link : links) {
    if (!is_web(link.uri) || (!link.language.empty() && link.language != language)) continue;
    out.push_back(Json::object({{"title", link.title.empty() ? link.uri : link.title}, {"uri", link.uri}}));
  }
  return out;
}

Json::Array source_portals(const directory::Service& service, std::string_view language) {
  Json::Array out;
  for (const auto& portal : service.modules.source_portals) {
    if (!is_web(portal.uri) || (!portal.language.empty() && portal.language != language)) continue;
    out.push_back(Json::object({{"title", portal.title.empty() ? portal.uri : portal.title}, {"uri", portal.uri}}));
  }
  return out;
}

Json::Array details_of(const directory::Service& service, std::string_view language) {
  Json::Array out;
  for (const auto& [wanted, title] : titles) {
    bool documents = wanted == code::documents;
    for (const auto& module : service.modules.texts) {
      if (module.code != wanted) continue;
      std::string text = text_in(module.content, language);
      if (std::exchange(documents, false)) text += document_list(service, language);
      Json::Array links = links_of(module.links, language);
      if (text.empty() && links.empty()) continue;
      const std::string_view own = directory::pick(module.title_override, language);
      std::string name = own.empty() && wanted.empty() ? module.individual_kind.name : std::string(own);
      out.push_back(entry(wanted, name.empty() ? title : name, std::move(text), std::move(links)));
    }
    if (documents) {
      std::string list = document_list(service, language);
      if (!list.empty()) out.push_back(entry(wanted, title, std::move(list), {}));
    }
  }
  add_fees(out, service, language);
  add_spans(out, "97", "Frist", service.modules.deadlines, language);
  add_spans(out, "95", "Bearbeitungsdauer", service.modules.processing_times, language);
  for (const auto& module : service.modules.approvals) {
    Json approval = entry("93", "Fachliche Freigabe", text_in(module.approved_by, language), {});
    if (!module.approved_on.empty()) approval.set("date", module.approved_on);
    out.push_back(std::move(approval));
  }
  if (Json::Array portals = source_portals(service, language); !portals.empty()) {
    out.push_back(entry("94", "Ursprungsportal", "", std::move(portals)));
  }
  return out;
}

}  // namespace verbund::pvog
