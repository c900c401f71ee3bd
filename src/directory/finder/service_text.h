// SPDX-License-Identifier: EUPL-1.2
// What of a service can be searched, and how much each part weighs. Lays the everyday vocabulary over the services.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/catalogue/service.h"
#include "directory/finder/text_index.h"

namespace verbund::directory::finder {

class ServiceText {
 public:
  // `terms` false: search terms are left out.
  explicit ServiceText(bool terms = true);
  void add_service(std::uint32_t number, const Service& service);
  // Titles and terms of a local text help to find the service; its other texts do not.
  void add_specialisation(std::uint32_t service, const Modules& modules);
  void add_life_event(std::uint32_t service, std::string_view name);
  void add_unit(std::uint32_t service, std::string_view name);
  TextIndex finish(std::uint32_t services);

 private:
  enum class PhraseKind : std::uint8_t { citizen_title, title, term };
  struct Phrase {
    std::uint32_t service;
    PhraseKind kind;
    std::vector<std::string> words;
  };
  struct PhraseAtoms;

  void add(std::uint32_t service, std::size_t field, std::string_view text);
  void add_html(std::uint32_t service, std::size_t field, const LocalisedTexts& texts);
  void add_phrase(std::uint32_t service, std::size_t field, PhraseKind kind, std::string_view text);
  void add_titles(std::uint32_t service, const Modules& modules);
  void add_terms(std::uint32_t service, const Modules& modules);
  void add_vocabulary();

  bool terms_;
  TextIndexBuilder index_;
  std::vector<Phrase> phrases_;
  std::set<std::pair<std::uint32_t, std::uint64_t>> local_;   // texts of specialisations taken already
};

}  // namespace verbund::directory::finder
