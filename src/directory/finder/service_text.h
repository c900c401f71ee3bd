// SPDX-License-Identifier: EUPL-1.2
// What of a service can be searched, and how much each part weighs; the everyday vocabulary as synonyms.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/catalogue/service.h"
#include "kits/search/rules.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {

// Fields, phrases, synonyms: what an index of services is built, loaded and changed with. One for the whole program.
std::shared_ptr<const search::Rules> service_rules();
// "title", "search_term", ... for a field of these rules.
std::string_view field_name(std::size_t field);

// Writes what can be searched of one service into a draft. Reusable for many services, one after the other.
class ServiceText {
 public:
  // `terms` false: search terms are left out.
  explicit ServiceText(search::Draft& draft, bool terms = true) : draft_(draft), terms_(terms) {}
  void add_service(const Service& service);
  // Titles and terms of a local text help to find the service; its other texts do not. `known`: hashes of texts of this
  // service that are in already.
  void add_specialisation(const Modules& modules, std::set<std::uint64_t>& known);
  void add_life_event(std::string_view name);
  void add_unit(std::string_view name);

 private:
  void add(std::size_t field, std::string_view text);
  void add_html(std::size_t field, const LocalisedTexts& texts);
  void add_phrase(std::size_t kind, std::size_t field, std::string_view text);
  void add_titles(const Modules& modules);
  void add_terms(const Modules& modules);

  search::Draft& draft_;
  bool terms_;
  text::WordList words_;
  std::vector<search::Draft::Word> phrase_;
};

}  // namespace verbund::directory::finder
