// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/service_view.h"

#include <algorithm>

#include "kits/html/html.h"

namespace verbund::portal {

using directory::Fee;
using directory::LocalisedTexts;
using directory::TextModule;
namespace text_code = directory::text_code;

namespace {

page::Data fact_line(std::string strong, page::Markup text, std::string language) {
  page::Data line;
  line.set("line_strong", std::move(strong)).set("line_text", std::move(text)).set("line_lang", std::move(language));
  return line;
}

std::string fee_words(const Fee& fee, const Visit& visit) {
  const auto amount = [&](const directory::Amount& value) { return money(value, visit.language); };
  switch (fee.choice) {
    case Fee::Choice::free: return visit.say("service.free");
    case Fee::Choice::fixed:
      // Zero is how many catalogues say that nothing is to be paid.
      if (fee.fixed && fee.fixed->value.find_first_of("123456789") == std::string::npos)
        return visit.say("service.free");
      return fee.fixed ? amount(*fee.fixed) : std::string();
    case Fee::Choice::variable:
      if (fee.least && fee.most) {
        return visit.say("service.fee_from_to", {{"least", amount(*fee.least)}, {"most", amount(*fee.most)}});
      }
      if (fee.least) return visit.say("service.fee_from", {{"least", amount(*fee.least)}});
      if (fee.most) return visit.say("service.fee_to", {{"most", amount(*fee.most)}});
      return visit.say("service.fee_varies");
    case Fee::Choice::unknown: return fee.fixed ? amount(*fee.fixed) : std::string();
  }
  return {};
}

// Many catalogues give the documents twice, as a list and as a text. True if the text says nothing but the names.
bool repeats(const std::string& text, const std::vector<std::string>& names) {
  std::string rest = html::to_plain_text(text);
  for (const std::string& name : names) {
    const std::string plain = html::to_plain_text(html::escape(name));
    if (const std::size_t at = rest.find(plain); at != std::string::npos && !plain.empty())
      rest.erase(at, plain.size());
  }
  return !names.empty() && rest.find_first_not_of(" .,;:\n-") == std::string::npos;
}

// Source: codes of urn:xoev-de:fim:codeliste:vertrauensniveau.
std::string assurance_words(std::string_view level, const Wording& say) {
  if (level == "40") return say("service.assurance.high");
  if (level == "30") return say("service.assurance.substantial");
  if (level == "20" || level == "15") return say("service.assurance.low");
  return {};
}

std::vector<page::Data> link_items(const std::vector<directory::Link>& links, std::string_view language) {
  std::vector<page::Data> items;
  for (const auto& link : links) {
    const std::string url = web_url(link.uri);
    if (url.empty() || (!link.language.empty() && link.language != language && link.language != "de")) continue;
    items.push_back(
        page::Data().set("link_url", url).set("link_title", link.title.empty() ? host_of(url) : link.title));
  }
  return items;
}

}  // namespace

Worded ServiceView::take(const LocalisedTexts& texts) {
  Worded out = worded(texts, visit_.language);
  if (!out.text.empty()) ++(out.language == visit_.language ? in_language_ : in_another_);
  return out;
}

const TextModule* ServiceView::text(std::string_view code) const {
  for (const TextModule& module : service_.modules.texts) {
    if (module.code == code && !module.content.empty() && valid_on(module.head.validity, visit_.today)) return &module;
  }
  return nullptr;
}

void ServiceView::add_head(page::Data& data) {
  const Worded title = worded_title(service_, visit_.language);
  title_ = title.text;
  title_language_ = title.language;
  ++(title.language == visit_.language ? in_language_ : in_another_);
  Worded lead;
  for (std::string_view code : {text_code::short_text, text_code::teaser}) {
    const TextModule* module = text(code);
    if (module == nullptr) continue;
    lead = take(module->content);
    lead_code_ = code;
    break;
  }
  description_ = shortened(html::to_plain_text(lead.text), 160);
  data.set("service_title", title_)
      .set("service_lang", visit_.mark(title.language))
      .set("lead", prose(lead.text, 2))
      .set("lead_lang", visit_.mark(lead.language));
}

std::vector<page::Data> ServiceView::fee_lines() {
  std::vector<page::Data> lines;
  for (const auto& module : service_.modules.fees) {
    if (!valid_on(module.head.validity, visit_.today)) continue;
    for (const Fee& fee : module.fees) {
      if (!valid_on(fee.validity, visit_.today)) continue;
      const std::string words = fee_words(fee, visit_);
      const Worded reason = take(fee.reason);
      const Worded description = take(fee.description);
      page::Markup text = prose(reason.text, 3);
      text.html += (text.html.empty() || description.text.empty() ? "" : "<br>") + prose(description.text, 3).html;
      if (fee.in_advance.value_or(false)) {
        text.html += (text.html.empty() ? "" : "<br>") + html::escape(visit_.say("service.fee_in_advance"));
      }
      if (words.empty() && text.html.empty()) continue;
      lines.push_back(fact_line(words, std::move(text),
                                visit_.mark(description.text.empty() ? reason.language : description.language)));
    }
    if (const Worded text = take(module.description); !text.text.empty()) {
      lines.push_back(fact_line("", prose(text.text, 3), visit_.mark(text.language)));
    }
  }
  return lines;
}

std::vector<page::Data> ServiceView::span_lines(const std::vector<directory::DeadlineModule>& modules) {
  std::vector<page::Data> lines;
  for (const auto& module : modules) {
    if (!valid_on(module.head.validity, visit_.today)) continue;
    for (const auto& deadline : module.deadlines) {
      if (!valid_on(deadline.validity, visit_.today)) continue;
      const std::string words = span(deadline.span, visit_.say);
      const Worded text = take(deadline.description);
      if (words.empty() && text.text.empty()) continue;
      lines.push_back(fact_line(words, prose(text.text, 3), visit_.mark(text.language)));
    }
    if (const Worded text = take(module.description); !text.text.empty()) {
      lines.push_back(fact_line("", prose(text.text, 3), visit_.mark(text.language)));
    }
  }
  return lines;
}

void ServiceView::add_facts(page::Data& data, std::string_view assurance_level) {
  std::vector<page::Data> facts;
  const auto add = [&](std::string_view key, std::vector<page::Data> lines) {
    if (lines.empty()) return;
    facts.push_back(page::Data().set("fact_label", visit_.say(key)).set("fact_lines", std::move(lines)));
  };
  add("service.fee", fee_lines());
  add("service.duration", span_lines(service_.modules.processing_times));
  add("service.deadline", span_lines(service_.modules.deadlines));
  if (service_.in_person) {
    const std::string words = visit_.say(*service_.in_person ? "service.in_person_yes" : "service.in_person_no");
    add("service.in_person", {fact_line(words, {}, "")});
  }
  if (const std::string words = assurance_words(assurance_level, visit_.say); !words.empty()) {
    add("service.sign_in", {fact_line(words, {}, "")});
  }
  data.set("has_facts", !facts.empty()).set("facts", std::move(facts));
}

void ServiceView::add_documents(page::Data& data) {
  std::vector<page::Data> documents;
  std::vector<std::string> names;
  std::string below;            // prose: descriptions of the modules and the text module
  std::string below_language;
  const auto add_below = [&](const LocalisedTexts& texts) {
    const Worded text = take(texts);
    if (text.text.empty()) return;
    if (below.empty()) below_language = text.language;
    // Two texts in different languages cannot share one lang attribute: the second keeps its own.
    const bool own = text.language != below_language;
    below += own ? "<div lang=\"" + html::escape(text.language) + "\">" : "<div>";
    below += prose(text.text, 3).html + "</div>";
  };
  for (const auto& module : service_.modules.documents) {
    if (!valid_on(module.head.validity, visit_.today)) continue;
    for (const auto& document : module.incoming) {
      const Worded title = take(document.title);
      const Worded text = take(document.description);
      if (title.text.empty() && text.text.empty() && document.kind_unlisted.empty()) continue;
      std::string name = title.text.empty() ? document.kind_unlisted : title.text;
      if (name.empty() && text.text.empty()) name = visit_.say("service.document_other");
      names.push_back(name);
      page::Data item;
      item.set("document_title", std::move(name))
          .set("document_text", prose(text.text, 3))
          .set("document_lang", visit_.mark(title.text.empty() ? text.language : title.language));
      documents.push_back(std::move(item));
    }
    add_below(module.description_incoming);
  }
  const TextModule* module = text(text_code::documents);
  if (module != nullptr && !repeats(worded(module->content, visit_.language).text, names)) add_below(module->content);
  data.set("has_documents", !documents.empty() || !below.empty())
      .set("has_document_list", !documents.empty())
      .set("documents", std::move(documents))
      .set("document_prose", page::Markup{std::move(below)})
      .set("document_prose_lang", visit_.mark(below_language));
}

void ServiceView::text_section(std::vector<page::Data>& list, std::string_view code, std::string_view title_key) {
  if (code == lead_code_) return;
  for (const TextModule& module : service_.modules.texts) {
    if (module.code != code || !valid_on(module.head.validity, visit_.today)) continue;
    const Worded content = take(module.content);
    std::vector<page::Data> links = link_items(module.links, visit_.language);
    if (content.text.empty() && links.empty()) continue;
    const Worded title = worded(module.title_override, visit_.language);
    page::Data item;
    item.set("text_title", title.text.empty() || title.language != visit_.language ? visit_.say(title_key) : title.text)
        .set("text_html", prose(content.text, 3))
        .set("text_lang", visit_.mark(content.language))
        .set("has_text_links", !links.empty())
        .set("text_links", std::move(links));
    list.push_back(std::move(item));
  }
}

void ServiceView::add_texts(page::Data& data, bool with_body) {
  std::vector<page::Data> open;
  // Without a lead the description is what tells a citizen what this is: not folded in.
  if (lead_code_.empty()) text_section(open, text_code::full_text, "text.full");
  text_section(open, text_code::requirements, "text.requirements");
  text_section(open, text_code::procedure, "text.procedure");
  text_section(open, text_code::notes, "text.notes");
  std::vector<page::Data> body;   // beside the text, where the authority would stand
  if (with_body) {
    text_section(body, text_code::competent_body, "text.competent");
    text_section(open, text_code::contact_point, "text.contact");
  }
  data.set("body_texts", std::move(body));
  std::vector<page::Data> folded;
  if (!lead_code_.empty()) text_section(folded, text_code::full_text, "text.full");
  text_section(folded, text_code::forms, "text.forms");
  text_section(folded, text_code::further_information, "text.further");
  text_section(folded, "", "text.other");
  text_section(folded, text_code::appeal, "text.appeal");
  text_section(folded, text_code::legal_basis, "text.legal");
  data.set("open_texts", std::move(open)).set("has_folded", !folded.empty()).set("folded_texts", std::move(folded));
}

void ServiceView::add_source(page::Data& data, const directory::Area* place) {
  std::vector<page::Data> facts;
  const auto add = [&](std::string_view key, const std::string& value, const std::string& language) {
    if (value.empty()) return;
    page::Data item;
    item.set("source_label", visit_.say(key)).set("source_value", value).set("source_lang", language);
    facts.push_back(std::move(item));
  };
  const std::string& changed =
      service_.version.changed_at.empty() ? service_.version.created_at : service_.version.changed_at;
  add("service.changed", date(changed, visit_.say), "");
  if (service_.publisher) add("service.publisher", service_.publisher->name, visit_.mark("de"));
  add("service.key", std::string(directory::service_key(service_)), "");
  std::string original;
  for (const auto& portal : service_.modules.source_portals) {
    // A template with places to fill is no link a person can follow.
    if (portal.parameters.empty() && original.empty()) original = web_url(portal.uri);
  }
  const std::string id = directory::external_id(directory::ObjectKind::service, service_.id);
  data.set("source_facts", std::move(facts))
      .set("source_url", original)
      .set("json_url", "/api/v1/services/" + http::percent_encode(id) +
                           (place == nullptr ? std::string() : "?area=" + place->key.padded()));
}

void ServiceView::add_language_note(page::Data& data) const {
  std::string note;
  if (visit_.language != "de" && in_another_ > 0) {
    note = visit_.say(in_language_ == 0 ? "service.only_german" : "service.partly_german");
  }
  data.set("language_note", std::move(note));
}

}  // namespace verbund::portal
