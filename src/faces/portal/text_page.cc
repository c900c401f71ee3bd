// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/text_page.h"

namespace verbund::portal {

Page text_page(const Visit& visit, std::string_view title_key, std::string_view path, std::string lead,
               const std::vector<Section>& sections) {
  Page page;
  page.name = "texts";
  page.title = visit.say(title_key);
  page.path = path;
  page.description = lead;
  std::vector<page::Data> list;
  for (const Section& section : sections) {
    std::vector<page::Data> paragraphs;
    for (const std::string& text : section.paragraphs) paragraphs.push_back(page::Data().set("paragraph", text));
    page::Data item;
    item.set("section_title", section.title)
        .set("paragraphs", std::move(paragraphs))
        .set("section_address", section.address)
        .set("section_commands", section.commands)
        .set("section_link", section.link)
        .set("section_link_label", section.link_label);
    list.push_back(std::move(item));
  }
  page.data.set("heading", page.title).set("text_lead", std::move(lead)).set("sections", std::move(list));
  add_crumbs(page.data, visit, {}, page.title);
  return page;
}

Section mail_section(const Visit& visit, std::string title, std::vector<std::string> paragraphs) {
  Section section{std::move(title), std::move(paragraphs), "", "", ""};
  if (visit.look.operator_email.empty()) {
    section.paragraphs.push_back(visit.say("imprint.contact_missing"));
  } else {
    section.link = "mailto:" + visit.look.operator_email;
    section.link_label = visit.look.operator_email;
  }
  return section;
}

}  // namespace verbund::portal
