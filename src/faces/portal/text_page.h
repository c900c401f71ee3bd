// SPDX-License-Identifier: EUPL-1.2
// Pages that are headings and paragraphs: about, statements, imprint.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "faces/portal/visit.h"

namespace verbund::portal {

struct Section {
  std::string title;
  std::vector<std::string> paragraphs;
  std::string address;        // lines separated by line feeds
  std::string link, link_label;
  std::string commands = {};  // for a command line, lines separated by line feeds
};

Page text_page(const Visit& visit, std::string_view title_key, std::string_view path, std::string lead,
               const std::vector<Section>& sections);

// With the address of the operator, or a sentence that none is entered.
Section mail_section(const Visit& visit, std::string title, std::vector<std::string> paragraphs);

}  // namespace verbund::portal
